//! Columns and constraints of ALTER TABLE.

use super::check;
use crate::dialect::Kind::{Mysql, Postgres, Sqlite};

#[test]
fn columns_are_added_one_by_one_and_several_at_once() {
    check(
        Mysql,
        &[
            ("ALTER TABLE t ADD a int, ADD b int FIRST", "add t.a int; add t.b int placed"),
            ("ALTER TABLE t ADD (a int, b varchar(20) DEFAULT 'x,y')", "add t.a int; add t.b varchar(20) = 'x,y'"),
            (
                "ALTER TABLE `db`.`t-1` ADD COLUMN (a int NOT NULL, b int), ALGORITHM=INPLACE, LOCK=NONE",
                "add db.t-1.a int not null; add db.t-1.b int; ALGORITHM=INPLACE; LOCK=NONE",
            ),
            ("ALTER TABLE t ALGORITHM=INSTANT, ADD COLUMN IF NOT EXISTS a int AFTER `b c`", "add t.a int placed if not exists; ALGORITHM=INSTANT"),
            ("ALTER ONLINE IGNORE TABLE IF EXISTS t WAIT 5 ADD a int", "add t.a int"),
            ("ALTER TABLE \"t\" ADD 1st int, ADD `a``b` int, ADD `key` int", "add t.1st int; add t.a`b int; add t.key int"),
            ("ALTER TABLE t ADD `lock` int, ADD algorithm int", "add t.lock int; add t.algorithm int"),
            (
                "ALTER TABLE t ADD a int COMMENT 'it''s, \\'x\\' (', # ADD x int\n ADD b int -- end",
                "add t.a int comment 'it''s, \\'x\\' ('; add t.b int",
            ),
        ],
    );
    check(
        Postgres,
        &[
            (
                "ALTER TABLE IF EXISTS t* ADD a int, ADD COLUMN IF NOT EXISTS b text COLLATE \"C\" DEFAULT 'x'::text NOT NULL",
                "add t.a int; add t.b text not null = 'x'::text collate \"C\" if not exists",
            ),
            (
                "ALTER /* c */ TABLE -- x\n t /* y */ ADD /* z, ADD q int */ COLUMN a int,\n  -- why, not\n  ADD c text DEFAULT 'a, b \
             (c'",
                "add t.a int; add t.c text = 'a, b (c'",
            ),
            (
                "ALTER TABLE \"add\" ADD \"drop\" int, ADD \"A.b\" int, ADD \"check\" int, ADD check_ int",
                "add add.drop int; add add.A.b int; add add.check int; add add.check_ int",
            ),
        ],
    );
    check(
        Sqlite,
        &[
            ("ALTER TABLE main.t ADD [a b] int", "add t.a b int"),
            ("ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0 REFERENCES u(id)", "add t.a int not null = 0 references u(id)"),
            ("ALTER TABLE t ADD column int", "add t.int "),
        ],
    );
}

#[test]
fn types_have_one_spelling_of_blanks_and_case() {
    check(
        Postgres,
        &[
            ("ALTER TABLE t ADD COLUMN a numeric(10 , 2) [] DEFAULT '{}'", "add t.a numeric(10,2)[] = '{}'"),
            ("ALTER TABLE t ADD a TIMESTAMP  WITH TIME ZONE DEFAULT now() NOT NULL", "add t.a timestamp with time zone not null = now()"),
            (
                "ALTER TABLE t ADD a timestamp (3) without time zone, ADD b time with time zone[]",
                "add t.a timestamp(3) without time zone; add t.b time with time zone[]",
            ),
            (
                "ALTER TABLE t ADD a interval day to second(3), ADD b \"char\", ADD c character varying (20)",
                "add t.a interval day to second(3); add t.b \"char\"; add t.c character varying(20)",
            ),
            (
                "ALTER TABLE t ADD a double precision, ADD b app.\"Mood\", ADD c pg_catalog.int4",
                "add t.a double precision; add t.b app.\"Mood\"; add t.c pg_catalog.int4",
            ),
        ],
    );
    check(
        Mysql,
        &[
            (
                "ALTER TABLE t ADD a double(10, 2) UNSIGNED ZEROFILL, ADD b enum('a,b', 'c)')",
                "add t.a double(10,2) unsigned zerofill; add t.b enum('a,b','c)')",
            ),
            (
                "ALTER TABLE t ADD a national varchar(5), ADD b bit, ADD c point SRID 4326 NOT NULL",
                "add t.a national varchar(5); add t.b bit; add t.c point not null",
            ),
            ("ALTER TABLE t ADD id SERIAL", "add t.id serial not null identity unique"),
        ],
    );
    check(
        Sqlite,
        &[(
            "CREATE TABLE t (a, b unsigned big int, c varchar (20), d native character(70))",
            "create t (a , b unsigned big int, c varchar(20), d native character(70))",
        )],
    );
}

#[test]
fn what_stands_behind_a_type_may_stand_in_any_order() {
    check(
        Postgres,
        &[
            (
                "ALTER TABLE t ADD a int DEFAULT 1 CHECK (a > 0) REFERENCES u (id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE \
             INITIALLY DEFERRED NOT NULL",
                "add t.a int not null check = 1 references u(id) on delete SET NULL",
            ),
            (
                "ALTER TABLE t ADD a int CONSTRAINT ck CHECK (a > 0) NO INHERIT CONSTRAINT nn NOT NULL CONSTRAINT uq UNIQUE NULLS NOT \
             DISTINCT",
                "add t.a int not null unique check",
            ),
            (
                "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b * 2) STORED NOT NULL, ADD c int GENERATED ALWAYS AS (b) VIRTUAL",
                "add t.a int not null stored; add t.c int virtual",
            ),
            (
                "ALTER TABLE t ADD a int GENERATED BY DEFAULT AS IDENTITY (START WITH 10 INCREMENT BY 5) PRIMARY KEY",
                "add t.a int not null identity primary key",
            ),
            ("ALTER TABLE t ADD a text COMPRESSION lz4 STORAGE MAIN DEFAULT $$it's, (b$$", "add t.a text = $$it's, (b$$"),
            ("ALTER TABLE t ADD a int DEFAULT NULL, ADD b smallserial", "add t.a int; add t.b smallserial not null identity"),
        ],
    );
    check(
        Mysql,
        &[
            (
                "ALTER TABLE t ADD a datetime(6) DEFAULT NOW(6) ON UPDATE NOW(6) COMMENT 'x', ADD b tinyint(1) DEFAULT TRUE NOT NULL, \
             ADD c bit(1) DEFAULT b'0'",
                "add t.a datetime(6) = NOW(6) comment 'x' on update NOW(6); add t.b tinyint(1) not null = TRUE; add t.c bit(1) = b'0'",
            ),
            (
                "ALTER TABLE t ADD a json NOT NULL DEFAULT (json_array()), ADD b varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin \
             DEFAULT _utf8mb4'x'",
                "add t.a json not null = (json_array()); add t.b varchar(9) = _utf8mb4'x' collate utf8mb4_bin charset utf8mb4",
            ),
            (
                "ALTER TABLE t ADD a int AS (b) PERSISTENT, ADD c int AS (b), ADD d int KEY, ADD e int UNIQUE KEY",
                "add t.a int stored; add t.c int virtual; add t.d int not null primary key; add t.e int unique",
            ),
        ],
    );
    check(
        Sqlite,
        &[(
            "CREATE TABLE t (a INTEGER CONSTRAINT x PRIMARY KEY DESC AUTOINCREMENT, b TEXT COLLATE NOCASE NOT NULL ON CONFLICT \
             IGNORE DEFAULT 'x', c DEFAULT -1.5, d AS (c) STORED)",
            "create t (a integer not null identity primary key, b text not null = 'x' collate NOCASE, c  = -1.5, d  stored)",
        )],
    );
}

#[test]
fn defaults_are_whole_expressions() {
    check(
        Postgres,
        &[(
            "CREATE TABLE t (a varchar DEFAULT 'x'::character varying NOT NULL, b date DEFAULT ('now'::text)::date NOT NULL, c int \
             DEFAULT (1 + 2) * 3 NOT NULL, d text DEFAULT CASE WHEN true THEN 'x' ELSE 'y' END NOT NULL, e bit DEFAULT \
             B'0'::\"bit\", f interval DEFAULT interval '1 day' NOT NULL, g int DEFAULT -1)",
            "create t (a varchar not null = 'x'::character varying, b date not null = ('now'::text)::date, c int not null = (1 + \
             2) * 3, d text not null = CASE WHEN true THEN 'x' ELSE 'y' END, e bit = B'0'::\"bit\", f interval not null = interval \
             '1 day', g int = -1)",
        )],
    );
    check(
        Sqlite,
        &[(
            "CREATE TABLE t (a int DEFAULT (datetime('now')), b DEFAULT x'00', c text DEFAULT \"dq\", d int DEFAULT NULL, e \
             DEFAULT CURRENT_TIMESTAMP NOT NULL)",
            "create t (a int = (datetime('now')), b  = x'00', c text = \"dq\", d int, e  not null = CURRENT_TIMESTAMP)",
        )],
    );
    check(
        Mysql,
        &[(
            "CREATE TABLE t (a int DEFAULT (`b` IS NOT NULL), b decimal(10,2) DEFAULT -1.5 NOT NULL, c int DEFAULT NEXT VALUE FOR \
             s, d varchar(5) DEFAULT \"x\")",
            "create t (a int = (`b` IS NOT NULL), b decimal(10,2) not null = -1.5, c int = NEXT VALUE FOR s, d varchar(5) = \"x\")",
        )],
    );
}

#[test]
fn columns_are_changed() {
    check(
        Postgres,
        &[
            (
                "ALTER TABLE ONLY public.\"T\" ALTER COLUMN a SET DATA TYPE numeric(10,2) USING a::numeric",
                "type of T.a is numeric(10,2) using a::numeric",
            ),
            (
                "ALTER TABLE t ALTER \"using\" TYPE varchar(20) COLLATE \"de_DE\" USING \"using\"::varchar(20)",
                "type of t.using is varchar(20) using \"using\"::varchar(20)",
            ),
            (
                "ALTER TABLE t ALTER a SET NOT NULL, ALTER COLUMN b DROP NOT NULL, ALTER \"constraint\" DROP DEFAULT",
                "set not null t.a; drop not null t.b; drop default t.constraint",
            ),
            ("ALTER TABLE ONLY t ALTER COLUMN id SET DEFAULT nextval('t_id_seq'::regclass)", "set default t.id = nextval('t_id_seq'::regclass)"),
            (
                "ALTER TABLE t ALTER a ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 5), ALTER b SET GENERATED ALWAYS, ALTER c DROP \
             EXPRESSION",
                "add identity t.a; option of t.b: SET GENERATED ALWAYS; option of t.c: DROP EXPRESSION",
            ),
            ("ALTER TABLE t RENAME a TO b", "rename column t.a to b"),
            ("ALTER TABLE t RENAME COLUMN \"A.b\" TO \"c,d\"", "rename column t.A.b to c,d"),
        ],
    );
    check(
        Mysql,
        &[
            (
                "ALTER TABLE t MODIFY a int unsigned NOT NULL AUTO_INCREMENT COMMENT 'x, y', CHANGE COLUMN IF EXISTS c d \
             enum('a,b','c)') FIRST",
                "redefine t.a as a int unsigned not null identity comment 'x, y'; redefine t.c as d enum('a,b','c)') placed",
            ),
            ("ALTER TABLE t MODIFY COLUMN a timestamp NULL DEFAULT NULL AFTER `after`", "redefine t.a as a timestamp placed"),
            (
                "ALTER TABLE t ALTER a SET DEFAULT (uuid()), ALTER COLUMN b DROP DEFAULT, ALTER c SET INVISIBLE",
                "set default t.a = (uuid()); drop default t.b; option of t.c: SET INVISIBLE",
            ),
            (
                "ALTER TABLE t RENAME COLUMN `a` TO `b`, RENAME INDEX i TO j, RENAME KEY k TO l, RENAME `u`",
                "rename column t.a to b; rename index i to j; rename index k to l; rename table t to u",
            ),
            ("ALTER TABLE t DROP COLUMN IF EXISTS a, DROP b", "drop column t.a; drop column t.b"),
        ],
    );
    check(
        Sqlite,
        &[
            ("ALTER TABLE t RENAME COLUMN [a b] TO \"c\"", "rename column t.a b to c"),
            ("ALTER TABLE t DROP a", "drop column t.a"),
            ("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "set not null t.a"),
        ],
    );
}

#[test]
fn constraints_come_and_go() {
    check(
        Postgres,
        &[
            (
                "ALTER TABLE t ADD PRIMARY KEY (a), ADD CHECK (a > 0) NOT VALID, ADD CONSTRAINT e EXCLUDE USING gist (r WITH &&) WHERE \
             (a > 0)",
                "add to t primary key (a); add to t check (a > 0) not valid; add to t e: exclude",
            ),
            ("ALTER TABLE t ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (c) WITH (fillfactor=70)", "add to t u: unique (a, b)"),
            ("ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i DEFERRABLE", "add to t u: unique () using i"),
            (
                "ALTER TABLE t ADD CONSTRAINT \"f.k\" FOREIGN KEY (a, b) REFERENCES app.u (x, y) MATCH FULL ON UPDATE CASCADE ON \
             DELETE SET NULL (a) NOT DEFERRABLE NOT VALID",
                "add to t f.k: foreign key (a, b) to app.u(x, y) on delete SET NULL not valid",
            ),
            (
                "ALTER TABLE t ADD CONSTRAINT c CHECK (a <> 'NOT VALID'), ADD CONSTRAINT d CHECK (b) /* NOT VALID */",
                "add to t c: check (a <> 'NOT VALID'); add to t d: check (b)",
            ),
            (
                "ALTER TABLE t ADD CONSTRAINT c CHECK (a = ANY (ARRAY['x'::text, 'y'])) NO INHERIT NOT\n VALID",
                "add to t c: check (a = ANY (ARRAY['x'::text, 'y'])) not valid",
            ),
            (
                "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID, ADD CONSTRAINT \"check\" UNIQUE (a)",
                "add to t n: not null a not valid; add to t check: unique (a)",
            ),
            (
                "ALTER TABLE t DROP CONSTRAINT IF EXISTS \"a.b\" CASCADE, VALIDATE CONSTRAINT \"F\", ALTER CONSTRAINT f DEFERRABLE",
                "drop constraint of t named a.b cascade; validate t F; t: ALTER CONSTRAINT",
            ),
        ],
    );
    check(
        Mysql,
        &[
            (
                "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY idx (a) REFERENCES db.u (b) ON DELETE CASCADE, ADD CONSTRAINT FOREIGN KEY \
             (e) REFERENCES u (f)",
                "add to t f: foreign key (a) to db.u(b) on delete CASCADE; add to t foreign key (e) to u(f)",
            ),
            (
                "ALTER TABLE t ADD UNIQUE INDEX u (c(10)), ADD UNIQUE (d), ADD UNIQUE KEY USING BTREE (e), ADD CONSTRAINT x UNIQUE \
             INDEX y (a), ADD UNIQUE `i` (`a`,`b`) USING BTREE",
                "add to t u: unique (c); add to t unique (d); add to t unique (e); add to t x: unique (a); add to t i: unique (a, b)",
            ),
            (
                "ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING BTREE (a, b(5)), ADD CONSTRAINT CHECK (c > 0) NOT ENFORCED",
                "add to t pk: primary key (a, b); add to t check (c > 0) not enforced",
            ),
            (
                "ALTER TABLE t DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP CHECK c, DROP CONSTRAINT d",
                "drop constraint of t kind PrimaryKey; drop constraint of t named f kind ForeignKey; drop constraint of t named c kind \
             Check; drop constraint of t named d",
            ),
        ],
    );
    check(
        Sqlite,
        &[
            ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "add to t c: check (a > 0)"),
            ("ALTER TABLE t DROP CONSTRAINT c", "drop constraint of t named c"),
        ],
    );
}
