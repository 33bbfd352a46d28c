//! Tables and indexes.

use super::check;
use crate::dialect::Kind::{Mysql, Postgres, Sqlite};

#[test]
fn tables_are_made_with_every_form_of_constraint() {
    check(
        Postgres,
        &[
            (
                "CREATE TABLE IF NOT EXISTS app.\"a.b\" (id bigserial, \"x y\" text NOT NULL, CONSTRAINT \"p.k\" PRIMARY KEY (id), \
             UNIQUE (\"x y\"), CHECK (id > 0), CONSTRAINT f FOREIGN KEY (id) REFERENCES public.u ON DELETE CASCADE, EXCLUDE USING \
             gist (id WITH =), LIKE other INCLUDING ALL) INHERITS (par)",
                "create app.a.b (id bigserial not null identity, x y text not null, p.k: primary key (id), unique (x y), check (id > \
             0), f: foreign key (id) to u() on delete CASCADE, exclude) if not exists parent par like other",
            ),
            (
                "CREATE TABLE p PARTITION OF t (a WITH OPTIONS NOT NULL DEFAULT 5, CONSTRAINT c CHECK (a > 0)) FOR VALUES FROM \
             (MINVALUE) TO (10)",
                "create p (a  not null = 5, c: check (a > 0)) parent t FOR= VALUES= FROM= TO=",
            ),
            ("CREATE TABLE t (a int) PARTITION BY RANGE (a)", "create t (a int) PARTITION=RANGE (a)"),
            (
                "CREATE TABLE t (\"constraint\" int, \"primary\" int, key int, \"like\" int)",
                "create t (constraint int, primary int, key int, like int)",
            ),
            ("CREATE TABLE t (a int /* PRIMARY KEY */, -- b int,\n c int CONSTRAINT x NOT NULL)", "create t (a int, c int not null)"),
            ("CREATE GLOBAL TEMPORARY TABLE t (a int)", "create t (a int) temporary"),
            ("CREATE UNLOGGED TABLE mydb.public.\"T\"\"q\" ()", "create T\"q ()"),
            ("CREATE TABLE t (a, b) AS WITH x AS (SELECT 1, 2) SELECT * FROM x WITH NO DATA", "create t (a , b ) from query"),
        ],
    );
    check(
        Mysql,
        &[
            (
                "CREATE TABLE `db`.`t.x` (`id` int(11) NOT NULL AUTO_INCREMENT, `a` varchar(255) CHARACTER SET utf8 COLLATE utf8_bin \
             DEFAULT NULL COMMENT 'x,)', PRIMARY KEY (`id`), UNIQUE KEY `u` (`a`(10)), KEY `k` (`a`,`id` DESC) USING BTREE COMMENT \
             'y', FULLTEXT KEY `f` (`a`), CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `u` (`b`) ON DELETE CASCADE, CONSTRAINT `c` \
             CHECK (`id` > 0)) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='x y' \
             ROW_FORMAT=DYNAMIC",
                "create db.t.x (id int(11) not null identity, a varchar(255) comment 'x,)' collate utf8_bin charset utf8, primary key \
             (id), u: unique (a), fk: foreign key (a) to u(b) on delete CASCADE, c: check (`id` > 0), index k on db.t.x (a, id) \
             using btree, index f on db.t.x (a) kind FULLTEXT) ENGINE=InnoDB AUTO_INCREMENT=5 CHARSET=utf8mb4 COLLATE=utf8mb4_bin \
             COMMENT='x y' ROW_FORMAT=DYNAMIC",
            ),
            (
                "CREATE TABLE t (a int, INDEX (a), KEY k USING HASH (a), INDEX ((a + 1)), UNIQUE (a), CONSTRAINT UNIQUE (a), FOREIGN \
             KEY fk_i (a) REFERENCES u (b), SPATIAL INDEX (g))",
                "create t (a int, unique (a), unique (a), fk_i: foreign key (a) to u(b), index - on t (a), index k on t (a) using \
             hash, index - on t (?), index - on t (g) kind SPATIAL)",
            ),
            (
                "CREATE TABLE t (a int) ENGINE=MyISAM, DEFAULT CHARACTER SET = latin1, STATS_PERSISTENT 1",
                "create t (a int) ENGINE=MyISAM CHARSET=latin1 STATS_PERSISTENT=1",
            ),
            (
                "CREATE TABLE t (a int) COMMENT = 'ENGINE=MyISAM' PARTITION BY LIST (a) (PARTITION p VALUES IN (1,2))",
                "create t (a int) COMMENT='ENGINE=MyISAM' PARTITION=LIST (a) (PARTITION p VALUES IN (1,2))",
            ),
            ("CREATE TABLE t LIKE db.u", "create t () like db.u"),
            ("CREATE TABLE t (b int PRIMARY KEY) ENGINE=InnoDB AS SELECT a FROM u", "create t (b int not null primary key) from query ENGINE=InnoDB"),
            ("CREATE TEMPORARY TABLE IF NOT EXISTS t SELECT 1 AS a", "create t () temporary if not exists from query"),
            ("CREATE TABLE t (\n  a int, -- first\n  # second\n  /* third */ b int\n) -- done", "create t (a int, b int)"),
            (
                "CREATE TABLE t (visible int, comment text, index_ int, check_it int, constraint_name int)",
                "create t (visible int, comment text, index_ int, check_it int, constraint_name int)",
            ),
        ],
    );
    check(
        Sqlite,
        &[
            (
                "CREATE TABLE main.\"t.x\" (id INTEGER PRIMARY KEY, [b c] int UNIQUE ON CONFLICT REPLACE, `d` REFERENCES u(id) ON \
             DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (d DESC) ON CONFLICT IGNORE, FOREIGN KEY (d) REFERENCES u, \
             CONSTRAINT \"x y\" CHECK (d <> '')) STRICT, WITHOUT ROWID",
                "create t.x (id integer not null primary key, b c int unique, d  references u(id) on delete CASCADE, primary key (d), \
             foreign key (d) to u(), x y: check (d <> '')) STRICT= WITHOUT= ROWID=",
            ),
            ("CREATE TEMP TABLE t AS SELECT 1", "create t () temporary from query"),
            ("CREATE VIRTUAL TABLE f USING fts5(a, b, content='t')", "CREATE VIRTUAL"),
        ],
    );
}

#[test]
fn indexes_in_all_their_forms() {
    check(
        Postgres,
        &[
            (
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"I.x\" ON ONLY app.t USING gin (a jsonb_path_ops, lower(b) DESC NULLS \
             LAST, (c || d), e COLLATE \"C\" ASC) INCLUDE (f) WITH (fastupdate = off) TABLESPACE x WHERE a IS NOT NULL",
                "index I.x on app.t (a, ?, ?, e) unique concurrently if not exists partial using gin",
            ),
            ("create index concurrently on \"t\"(\"a\")", "index - on t (a) concurrently"),
            ("CREATE INDEX \"on\" ON t (app.f(b), \"F\"(c), a int4_ops (x = 1))", "index on on t (?, ?, a)"),
            ("DROP INDEX CONCURRENTLY IF EXISTS app.i, j", "drop index app.i concurrently if exists; drop index j concurrently if exists"),
            ("REINDEX INDEX CONCURRENTLY \"I\"", "reindex INDEX I concurrently"),
            ("ALTER INDEX IF EXISTS app.i RENAME TO j", "rename index app.i to j"),
        ],
    );
    check(
        Mysql,
        &[
            (
                "CREATE UNIQUE INDEX i USING BTREE ON t (a(10), b) ALGORITHM=INPLACE LOCK=NONE",
                "index i on t (a, b) unique using btree; ALGORITHM=INPLACE; LOCK=NONE",
            ),
            (
                "CREATE INDEX i ON t (`lock`, `algorithm`) USING HASH COMMENT 'LOCK=NONE' ALGORITHM = COPY",
                "index i on t (lock, algorithm) using hash; ALGORITHM=COPY",
            ),
            ("CREATE FULLTEXT INDEX i ON db.t (a) WITH PARSER ngram", "index i on db.t (a) kind FULLTEXT"),
            ("ALTER TABLE t DROP KEY k", "drop index k of t"),
            (
                "ALTER TABLE t DROP INDEX IF EXISTS `k.1`, ALTER INDEX i IGNORED, ALTER KEY k NOT IGNORED",
                "drop index k.1 of t if exists; index i of t visible false; index k of t visible true",
            ),
            (
                "ALTER TABLE t ADD INDEX IF NOT EXISTS i (a DESC), ADD SPATIAL (c), ADD KEY USING HASH (h)",
                "index i on t (a) if not exists; index - on t (c) kind SPATIAL; index - on t (h) using hash",
            ),
            ("DROP INDEX `PRIMARY` ON db.t LOCK=NONE", "drop index PRIMARY of db.t; LOCK=NONE"),
        ],
    );
    check(
        Sqlite,
        &[
            (
                "CREATE UNIQUE INDEX IF NOT EXISTS main.i ON t (a COLLATE NOCASE DESC, -b, a->>'$.x', \"c d\") WHERE a > 0",
                "index i on t (a, ?, ?, c d) unique if not exists partial",
            ),
            ("DROP INDEX main.i", "drop index i"),
        ],
    );
}

#[test]
fn tables_are_dropped_renamed_moved_and_emptied() {
    check(
        Postgres,
        &[
            ("DROP TABLE IF EXISTS a, app.\"B.c\" CASCADE", "drop table a if exists cascade; drop table app.B.c if exists cascade"),
            ("DROP TABLE /* IF EXISTS */ \"if\" RESTRICT", "drop table if"),
            ("ALTER TABLE app.t RENAME TO \"U\"", "rename table app.t to app.U"),
            ("ALTER TABLE t SET SCHEMA app", "move t to app"),
            ("TRUNCATE TABLE ONLY a, app.b *, \"c.d\" RESTART IDENTITY CASCADE", "truncate a, app.b, c.d cascade"),
            ("ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM (1, 'a') TO (2, 'b')", "attach p to t"),
            ("ALTER TABLE t DETACH PARTITION app.p CONCURRENTLY", "detach app.p of t concurrently"),
        ],
    );
    check(
        Mysql,
        &[
            ("RENAME TABLE a TO b, db.c TO db2.d", "rename table a to b; rename table db.c to db2.d"),
            ("RENAME TABLE IF EXISTS a WAIT 5 TO b", "rename table a to b"),
            ("ALTER TABLE t RENAME AS db2.u", "rename table t to db2.u"),
            ("DROP TEMPORARY TABLE IF EXISTS t", "DROP TEMPORARY TABLE"),
            ("TRUNCATE db.t", "truncate db.t"),
            (
                "ALTER TABLE t ENGINE InnoDB DEFAULT CHARACTER SET = latin1 COLLATE latin1_bin",
                "option of t: ENGINE=InnoDB; option of t: CHARSET=latin1; option of t: COLLATE=latin1_bin",
            ),
            (
                "ALTER TABLE t COMMENT='ADD a int, DROP b', AUTO_INCREMENT 5",
                "option of t: COMMENT='ADD a int, DROP b'; option of t: AUTO_INCREMENT=5",
            ),
            ("ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "convert t to utf8mb4"),
            (
                "ALTER TABLE t ALGORITHM=INPLACE, ADD PARTITION (PARTITION p VALUES LESS THAN (5))",
                "ADD PARTITION (PARTITION p VALUES LESS THAN (5)); ALGORITHM=INPLACE",
            ),
            ("ALTER TABLE t ADD PERIOD FOR SYSTEM_TIME (a, b), ADD SYSTEM VERSIONING", "t: PERIOD FOR SYSTEM_TIME (a, b); t: SYSTEM VERSIONING"),
        ],
    );
    check(Sqlite, &[("DROP TABLE IF EXISTS main.[a b]", "drop table a b if exists"), ("ALTER TABLE main.t RENAME TO u", "rename table t to u")]);
}
