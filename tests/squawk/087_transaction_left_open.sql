BEGIN;
CREATE TABLE referrals (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_user bigint NOT NULL REFERENCES users (id),
    to_user bigint NOT NULL REFERENCES users (id),
    code char(8),
    made_at timestamp DEFAULT now()
);
CREATE INDEX referrals_from_user_idx ON referrals (from_user);
