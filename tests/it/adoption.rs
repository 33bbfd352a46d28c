//! A database with a past and no history: adopted as it is, changed in four revisions, taken back to the baseline and brought up again.
//! Every row is accounted for by the engine's own client.

use std::fmt::Write as _;

use crate::support::{Engine, Project, difference};

/// The shop as somebody made it by hand years ago; `SERIAL` stands for the engine's way to hand out numbers.
const SHOP: &str = "
CREATE TABLE artist (artist_id SERIAL, name varchar(120));
CREATE TABLE album (
  album_id SERIAL, title varchar(160) NOT NULL,
  artist_id integer NOT NULL REFERENCES artist (artist_id) ON DELETE CASCADE, UNIQUE (artist_id, title)
);
CREATE INDEX ifk_album_artist_id ON album (artist_id);
CREATE TABLE track (
  track_id SERIAL, name varchar(200) NOT NULL, album_id integer REFERENCES album (album_id), composer varchar(220),
  milliseconds integer NOT NULL CHECK (milliseconds > 0), unit_price numeric(10,2) NOT NULL DEFAULT 0.99
);
CREATE INDEX ifk_track_album_id ON track (album_id);
CREATE INDEX long_tracks ON track (milliseconds DESC) WHERE milliseconds > 300000;
CREATE TABLE customer (
  customer_id SERIAL, first_name varchar(40) NOT NULL, email varchar(60) NOT NULL UNIQUE,
  referred_by integer REFERENCES customer (customer_id) ON DELETE SET NULL,
  street varchar(70), city varchar(40), country varchar(40), postal_code varchar(10)
);
CREATE TABLE invoice (
  invoice_id SERIAL, customer_id integer NOT NULL REFERENCES customer (customer_id), invoice_date timestamp NOT NULL,
  total numeric(10,2) NOT NULL CHECK (total >= 0)
);
CREATE TABLE invoice_line (
  invoice_id integer NOT NULL REFERENCES invoice (invoice_id), line_number integer NOT NULL,
  track_id integer NOT NULL REFERENCES track (track_id), unit_price numeric(10,2) NOT NULL, quantity integer DEFAULT 1 NOT NULL,
  PRIMARY KEY (invoice_id, line_number)
);
CREATE TABLE playlist (playlist_id SERIAL, name varchar(120), parent_id integer REFERENCES playlist (playlist_id));
CREATE TABLE playlist_track (
  playlist_id integer NOT NULL REFERENCES playlist (playlist_id) ON DELETE CASCADE,
  track_id integer NOT NULL REFERENCES track (track_id) ON DELETE CASCADE, PRIMARY KEY (playlist_id, track_id)
);
";

/// How many rows each table gets.
const COUNTS: [(&str, u32); 8] =
    [("artist", 6), ("album", 12), ("track", 48), ("customer", 15), ("invoice", 20), ("invoice_line", 60), ("playlist", 5), ("playlist_track", 40)];

/// What every column of every row adds up to, whatever the revision; `ARTIST` is the name the column has at the time.
const CHECKSUMS: [&str; 8] = [
    "SELECT count(*), sum(artist_id * length(name)) FROM artist",
    "SELECT count(*), sum(album_id * length(title)), sum(album_id * ARTIST) FROM album",
    "SELECT count(*), sum(track_id * length(name)), sum(track_id * album_id), sum(track_id * milliseconds), sum(CAST(round(track_id * unit_price * 100) AS integer)) FROM track",
    "SELECT count(*), sum(customer_id * length(first_name || email)), sum(customer_id * referred_by) FROM customer",
    "SELECT count(*), sum(invoice_id * customer_id), sum(CAST(round(invoice_id * total * 100) AS integer)), min(invoice_date), max(invoice_date) FROM invoice",
    "SELECT count(*), sum(invoice_id * line_number * track_id * quantity), sum(CAST(round(unit_price * line_number * 100) AS integer)) FROM invoice_line",
    "SELECT count(*), sum(playlist_id * length(name)), sum(playlist_id * parent_id) FROM playlist",
    "SELECT count(*), sum(playlist_id * track_id) FROM playlist_track",
];

/// The addresses, wherever they are.
const ADDRESSES: &str = "SELECT customer_id, street, city, country, postal_code FROM TABLE WHERE street IS NOT NULL ORDER BY customer_id";

/// The rows of the shop, one INSERT each.
fn rows() -> String {
    let or_null = |value: u32, there: bool| if there { value.to_string() } else { "NULL".to_owned() };
    let mut script = String::from("BEGIN;\n");
    for (table, count) in COUNTS {
        for n in 1..=count {
            let values = match table {
                "artist" => format!("{n}, 'Artist {}'", "x".repeat(n as usize)),
                "album" => format!("{n}, 'Album ''{n}''', {}", n % 6 + 1),
                "track" => {
                    let composer = if n % 3 == 0 { "NULL".to_owned() } else { format!("'Composer {n}'") };
                    format!("{n}, 'Track {n} é', {}, {composer}, {}, {}.{:02}", or_null(n % 12 + 1, n % 7 != 0), n * 12_345, n % 3, n)
                }
                "customer" => {
                    let address =
                        if n % 5 == 0 { "NULL, NULL, NULL, NULL".to_owned() } else { format!("'{n} High Street', 'City {}', NULL, '0{n}'", n % 4) };
                    format!("{n}, 'Name {n}', 'c{n}@example.org', {}, {address}", or_null(n.saturating_sub(1), n % 2 == 0))
                }
                "invoice" => format!("{n}, {}, '2025-03-{n:02} 10:00:00', {}.{:02}", n % 15 + 1, n * 3, n * 4),
                "invoice_line" => format!("{}, {}, {}, 1.{:02}, {}", (n - 1) / 3 + 1, (n - 1) % 3 + 1, n % 48 + 1, n, n % 4 + 1),
                "playlist" => format!("{n}, 'Playlist {n}', {}", or_null(n.saturating_sub(1), n > 1)),
                _ => format!("{}, {n}", n % 5 + 1),
            };
            writeln!(script, "INSERT INTO {table} VALUES ({values});").expect("a string takes everything");
        }
    }
    script + "COMMIT;\n"
}

/// What MariaDB says in another way, and without the index on some of the rows, which it has not.
fn spelled(engine: Engine, sql: &str) -> String {
    match engine {
        Engine::Sqlite | Engine::Postgres => sql.to_owned(),
        Engine::Mariadb => sql
            .replace(" WHERE milliseconds > 300000", "")
            .replace("length(first_name || email)", "char_length(concat(first_name, email))")
            .replace("* length(", "* char_length(")
            .replace("AS integer)", "AS signed)"),
    }
}

/// The shop, filled; a later row gets the next number.
fn shop(engine: Engine) -> Project {
    let project = Project::new(engine);
    let serial = match engine {
        Engine::Sqlite => "INTEGER PRIMARY KEY",
        Engine::Postgres => "integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        Engine::Mariadb => "integer AUTO_INCREMENT PRIMARY KEY",
    };
    project.sql(&spelled(engine, &SHOP.replace("SERIAL", serial)));
    project.sql(&rows());
    if engine == Engine::Postgres {
        for (table, _) in COUNTS.iter().filter(|(table, _)| !["invoice_line", "playlist_track"].contains(table)) {
            project.sql(&format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{table}_id'), (SELECT max({table}_id) FROM {table})) \\g /dev/null\n"
            ));
        }
    }
    project
}

/// The checksums of all tables, and the addresses.
fn ledger(project: &Project, artist: &str, addresses: &str) -> String {
    let sums: String = CHECKSUMS.iter().map(|query| project.query(&spelled(project.engine(), &query.replace("ARTIST", artist)))).collect();
    sums + &project.query(&ADDRESSES.replace("TABLE", addresses))
}

/// `schema.toml` with the line of one column replaced, or taken out where there is no new one.
fn edit(project: &Project, table: &str, column: &str, line: Option<&str>) {
    let text = project.read("schema.toml");
    let head = format!("[tables.{table}.columns]\n");
    let from = text.find(&head).unwrap_or_else(|| panic!("{table} is not there:\n{text}")) + head.len();
    let start = from + text[from..].find(&format!("{column} ")).unwrap_or_else(|| panic!("{table}.{column} is not there:\n{text}"));
    let end = start + text[start..].find('\n').expect("a line ends") + 1;
    assert!(text[from..start].ends_with('\n') || start == from, "{column} begins a line:\n{text}");
    let line = line.map_or(String::new(), |line| format!("{line}\n"));
    project.write("schema.toml", &format!("{}{line}{}", &text[..start], &text[end..]));
}

/// Replaces a piece of text that must be there in schema.toml.
fn replace(project: &Project, old: &str, new: &str) {
    let text = project.read("schema.toml");
    assert!(text.contains(old), "{old} is not there:\n{text}");
    project.write("schema.toml", &text.replace(old, new));
}

/// Where the step of a migration file begins whose name begins so.
fn step(text: &str, name: &str) -> usize {
    text.find(&format!("-- dbtool: step \"{name}")).unwrap_or_else(|| panic!("no step {name}:\n{text}"))
}

/// Where the step at `start` ends: at the next one, at COMMIT, or with the file.
fn end_of_step(text: &str, start: usize) -> usize {
    let behind = |what: &str| text[start + 1..].find(what).map(|at| start + 1 + at);
    // Where no transaction holds the statements, the last step ends with the file.
    behind("-- dbtool: step").or_else(|| behind("COMMIT;")).unwrap_or(text.len())
}

/// Moves the addresses by hand, as docs/adopting.md shows it.
fn move_the_addresses(project: &Project, revision: &str) {
    let file = |direction: &str| format!("migrations/{revision}_split_addresses.{direction}.sql");
    let (up, down) = (project.read(&file("up")), project.read(&file("down")));

    let at = end_of_step(&up, step(&up, "create customer_address"));
    assert!(!up[..at].contains("DROP COLUMN") && !up[..at].contains("rebuild customer"), "the old columns are still there: {up}");
    let insert = "-- dbtool: step \"move the addresses\"\nINSERT INTO customer_address (customer_id, street, city, country, postal_code)\n\
                  SELECT customer_id, street, city, country, postal_code FROM customer WHERE street IS NOT NULL ORDER BY customer_id;\n\n";
    project.write(&file("up"), &format!("{}{insert}{}", &up[..at], &up[at..]));

    // The table goes last, once its rows are back.
    let start = step(&down, "drop customer_address");
    let end = end_of_step(&down, start);
    let back = match project.engine() {
        Engine::Sqlite | Engine::Postgres => {
            "UPDATE customer SET (street, city, country, postal_code) =\n  \
             (SELECT street, city, country, postal_code FROM customer_address AS a WHERE a.customer_id = customer.customer_id);"
        }
        Engine::Mariadb => {
            "UPDATE customer AS c JOIN customer_address AS a ON a.customer_id = c.customer_id\n  \
             SET c.street = a.street, c.city = a.city, c.country = a.country, c.postal_code = a.postal_code;"
        }
    };
    let back = format!("-- dbtool: step \"move the addresses back\"\n{back}\n\n");
    let rest = format!("{}{}", &down[..start], &down[end..]);
    let commit = rest.rfind("COMMIT;").filter(|_| project.engine() != Engine::Mariadb).unwrap_or(rest.len());
    project.write(&file("down"), &format!("{}{back}{}{}", &rest[..commit], &down[start..end], &rest[commit..]));
}

/// Writes and applies one revision; `check` must be content with it.
fn migrate(project: &Project, message: &str, revision: &str) {
    project.ok(&["migrate", "-m", message, "--rev-id", revision]);
    if message == "Split addresses" {
        move_the_addresses(project, revision);
    }
    project.ok(&["upgrade"]);
    project.ok(&["check", "--live"]);
    let said = project.ok(&["migrate", "-m", "nothing"]).stdout;
    assert!(said.contains("No changes"), "{}, after {message}: {said}", project.engine());
}

fn grow(project: &Project, baseline: &str) {
    let engine = project.engine();
    let sums = ledger(project, "artist_id", "customer");
    assert_eq!(project.query("SELECT count(*) FROM track WHERE composer IS NULL"), "16\n");

    edit(project, "track", "composer", Some("composer = { type = \"varchar(220)\", nullable = false, backfill = \"Unknown\" }"));
    migrate(project, "Require a composer", "20990101000001");
    assert_eq!(project.query("SELECT count(*) FROM track WHERE composer = 'Unknown'"), "16\n", "{engine}");
    assert_eq!(project.query("SELECT composer FROM track WHERE track_id IN (3, 4) ORDER BY track_id"), "Unknown\nComposer 4\n", "{engine}");
    assert_eq!(ledger(project, "artist_id", "customer"), sums, "{engine}: a composer for every track");

    edit(project, "track", "milliseconds", Some("milliseconds = { type = \"bigint\", nullable = false, check = \"milliseconds > 0\" }"));
    migrate(project, "Allow long tracks", "20990101000002");
    assert_eq!(ledger(project, "artist_id", "customer"), sums, "{engine}: a wider type");
    project.sql("UPDATE track SET milliseconds = 3000000000 WHERE track_id = 1;");
    if engine == Engine::Postgres {
        let output = project.expect_status(2, &["downgrade", baseline]);
        assert!(output.stderr.contains("3000000000"), "what does not fit is shown: {}", output.report());
        assert_eq!(project.query("SELECT milliseconds FROM track WHERE track_id = 1"), "3000000000\n");
    }
    project.sql("UPDATE track SET milliseconds = 12345 WHERE track_id = 1;");

    replace(project, "\"artist_id\", \"title\"", "\"performer_id\", \"title\"");
    let index = "index = { name = \"ifk_album_artist_id\" }";
    let line = format!(
        "performer_id = {{ type = \"integer\", nullable = false, {index}, references = {{ column = \"artist.artist_id\", on_delete = \"cascade\", name = \"album_artist_id_fkey\" }}, renamed_from = \"artist_id\" }}"
    );
    edit(project, "album", "artist_id", Some(&line));
    migrate(project, "Rename the artist", "20990101000003");
    assert_eq!(ledger(project, "performer_id", "customer"), sums, "{engine}: another name");

    for column in ["street", "city", "country", "postal_code"] {
        edit(project, "customer", column, None);
    }
    let table = "\n[tables.customer_address.columns]\naddress_id = { type = \"integer\", primary_key = true, identity = true }\n\
                 customer_id = { type = \"integer\", nullable = false, unique = true, references = { column = \"customer.customer_id\", on_delete = \"cascade\" } }\n\
                 street = { type = \"varchar(70)\" }\ncity = { type = \"varchar(40)\" }\ncountry = { type = \"varchar(40)\" }\npostal_code = { type = \"varchar(10)\" }\n";
    project.write("schema.toml", &(project.read("schema.toml") + table));
    migrate(project, "Split addresses", "20990101000004");
    assert_eq!(ledger(project, "performer_id", "customer_address"), sums, "{engine}: addresses of their own");
    assert_eq!(project.query("SELECT count(*) FROM customer_address"), "12\n", "{engine}: three customers have none");
}

#[test]
fn an_old_database_is_adopted_changed_taken_back_and_brought_up_again() {
    let mut ledgers = Vec::new();
    for engine in Engine::available() {
        let project = shop(engine);
        let (schema, sums) = (project.dump(), ledger(&project, "artist_id", "customer"));
        for ((table, count), line) in COUNTS.iter().zip(sums.lines()) {
            assert_eq!(line.split('|').next(), Some(count.to_string().as_str()), "{engine}: {table}");
        }
        project.ok(&["init", "--from-database"]);
        assert_eq!((project.dump(), ledger(&project, "artist_id", "customer")), (schema.clone(), sums.clone()), "{engine}: adopting changes nothing");
        project.ok(&["check", "--live"]);
        let baseline = project.query("SELECT revision FROM dbtool_migrations").trim().to_owned();

        grow(&project, &baseline);
        let head = project.dump();

        project.ok(&["downgrade", &baseline]);
        assert_eq!(ledger(&project, "artist_id", "customer"), sums, "{engine}: every row is back");
        assert_eq!(project.query("SELECT count(*) FROM track WHERE composer = 'Unknown'"), "16\n", "{engine}: nobody knows which were NULL");
        assert!(project.dump() == schema, "{engine}, the baseline again:\n{}", difference(&schema, &project.dump()));

        project.ok(&["upgrade"]);
        assert_eq!(project.dump(), head, "{engine}: up again");
        assert_eq!(ledger(&project, "performer_id", "customer_address"), sums, "{engine}: every row went along");
        project.ok(&["check", "--live"]);
        still_guarded(&project);
        ledgers.push(sums);
    }
    assert!(ledgers.windows(2).all(|pair| pair[0] == pair[1]), "the engines count alike: {ledgers:#?}");
}

/// The keys and checks that the shop had work, and numbers go on where they stopped.
fn still_guarded(project: &Project) {
    project.sql("INSERT INTO album (title, performer_id) VALUES ('New', 1);");
    assert_eq!(project.query("SELECT album_id FROM album WHERE title = 'New'"), "13\n", "{}", project.engine());
    for refused in [
        "INSERT INTO track (name, composer, milliseconds) VALUES ('Short', 'Nobody', 0);",
        "INSERT INTO track (name, milliseconds) VALUES ('Nobody''s', 1);",
        "INSERT INTO album (title, performer_id) VALUES ('Album ''1''', 2);",
        "INSERT INTO album (title, performer_id) VALUES ('Lost', 99);",
        "INSERT INTO playlist_track VALUES (2, 1);",
        "DELETE FROM track WHERE track_id = 2;",
        "UPDATE customer SET referred_by = 99;",
    ] {
        let output = project.database().run(refused);
        assert!(output.status != 0, "{} takes: {refused}", project.engine());
    }
}
