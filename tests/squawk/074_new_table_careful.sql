BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';
CREATE TABLE public.returns (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES public.orders (id),
    reason text NOT NULL CONSTRAINT returns_reason_check CHECK (length(reason) <= 500),
    amount numeric(12, 2) NOT NULL,
    state text NOT NULL DEFAULT 'open',
    received_at timestamptz,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT returns_once UNIQUE (order_id, received_at)
);
CREATE INDEX returns_state_idx ON public.returns (state) WHERE state <> 'done';
COMMENT ON TABLE public.returns IS 'What customers have sent back.';
COMMIT;
