//! GRANT and REVOKE: <https://www.postgresql.org/docs/current/sql-grant.html>.

use std::collections::BTreeMap;

use crate::dialect::postgres::quote::quote;
use crate::model::Grants;

const OPTION: &str = " WITH GRANT OPTION";

/// The privileges of one role: each, and whether the role may grant it to others.
type Held<'g> = BTreeMap<&'g str, bool>;

/// The statements that lead from one set of privileges to the other on `target`, as GRANT names it (`TABLE users`). `usual` is what PUBLIC
/// may do where nothing is said.
pub fn grants(target: &str, usual: Option<&str>, from: &Grants, to: &Grants) -> Vec<String> {
    let mut roles: Vec<&String> = from.keys().chain(to.keys()).collect();
    roles.sort();
    roles.dedup();
    let (mut taken, mut given) = (Vec::new(), Vec::new());
    for role in roles {
        let usual = usual.filter(|_| role == "PUBLIC");
        let (had, has) = (held(from.get(role), usual), held(to.get(role), usual));
        let grantee = if role == "PUBLIC" { role.clone() } else { quote(role) };
        let gone: Vec<&str> = had.keys().filter(|it| !has.contains_key(*it)).copied().collect();
        let no_longer_granted: Vec<&str> = had.iter().filter(|(it, may)| **may && has.get(*it) == Some(&false)).map(|(it, _)| *it).collect();
        // With a privilege on the whole table go those on its columns.
        let goes_along = |it: &str| it.split_once(" (").is_some_and(|(word, _)| gone.contains(&word));
        let new = |it: &&str, may: bool| had.get(*it).is_none_or(|had| may && !had) || goes_along(it);
        let of = |option: bool| has.iter().filter(|(it, may)| **may == option && new(it, **may)).map(|(it, _)| *it).collect::<Vec<_>>();
        taken.extend(list(&gone).map(|list| format!("REVOKE {list} ON {target} FROM {grantee}")));
        taken.extend(list(&no_longer_granted).map(|list| format!("REVOKE GRANT OPTION FOR {list} ON {target} FROM {grantee}")));
        given.extend(list(&of(false)).map(|list| format!("GRANT {list} ON {target} TO {grantee}")));
        given.extend(list(&of(true)).map(|list| format!("GRANT {list} ON {target} TO {grantee}{OPTION}")));
    }
    taken.into_iter().chain(given).collect()
}

fn held<'g>(privileges: Option<&'g std::collections::BTreeSet<String>>, usual: Option<&'g str>) -> Held<'g> {
    match privileges {
        Some(privileges) => privileges.iter().map(|it| it.strip_suffix(OPTION).map_or((it.as_str(), false), |it| (it, true))).collect(),
        None => usual.into_iter().map(|it| (it, false)).collect(),
    }
}

/// `SELECT, UPDATE (name, "Id")`; nothing where there are none.
fn list(privileges: &[&str]) -> Option<String> {
    let mut words: Vec<(&str, Vec<String>)> = Vec::new();
    for privilege in privileges {
        let (word, column) = privilege.split_once(" (").map_or((*privilege, None), |(word, rest)| (word, rest.strip_suffix(')')));
        let columns = column.map(column_name);
        match words.iter_mut().find(|(known, list)| *known == word && list.is_empty() == columns.is_none()) {
            Some((_, list)) => list.extend(columns),
            None => words.push((word, columns.into_iter().collect())),
        }
    }
    let words: Vec<String> = words
        .into_iter()
        .map(|(word, columns)| if columns.is_empty() { word.to_owned() } else { format!("{word} ({})", columns.join(", ")) })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The column of a privilege in quotes where it needs them, whether or not it came with some.
fn column_name(written: &str) -> String {
    let bare = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(|inside| inside.replace("\"\"", "\""));
    quote(bare.as_deref().unwrap_or(written))
}

/// The columns that privileges name.
pub fn columns_of(grants: &Grants) -> Vec<String> {
    grants.values().flatten().filter_map(|privilege| column_of(privilege)).collect()
}

/// The column that a privilege names.
pub fn column_of(privilege: &str) -> Option<String> {
    let (written, _) = privilege.split_once(" (")?.1.split_once(')')?;
    Some(written.trim_matches('"').replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(role: &str, privileges: &[&str]) -> Grants {
        [(role.to_owned(), privileges.iter().map(|it| (*it).to_owned()).collect())].into()
    }

    #[test]
    fn what_is_new_is_granted_and_what_is_gone_revoked() {
        let (from, to) = (of("app", &["SELECT", "INSERT"]), of("app", &["SELECT WITH GRANT OPTION", "UPDATE (\"Id\")", "UPDATE (name)"]));
        assert_eq!(
            grants("TABLE t", None, &from, &to),
            [
                "REVOKE INSERT ON TABLE t FROM app",
                "GRANT UPDATE (\"Id\", name) ON TABLE t TO app",
                "GRANT SELECT ON TABLE t TO app WITH GRANT OPTION"
            ]
        );
        assert_eq!(
            grants("TABLE t", None, &to, &of("app", &["SELECT"])),
            ["REVOKE UPDATE (\"Id\", name) ON TABLE t FROM app", "REVOKE GRANT OPTION FOR SELECT ON TABLE t FROM app"]
        );
    }

    #[test]
    fn what_public_may_do_anyway_is_taken_away_by_an_empty_list() {
        let none = of("PUBLIC", &[]);
        assert_eq!(grants("FUNCTION f()", Some("EXECUTE"), &Grants::new(), &none), ["REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC"]);
        assert_eq!(grants("FUNCTION f()", Some("EXECUTE"), &none, &Grants::new()), ["GRANT EXECUTE ON FUNCTION f() TO PUBLIC"]);
    }

    #[test]
    fn privileges_on_columns_outlive_one_on_the_table() {
        let (from, to) = (of("app", &["SELECT", "SELECT (id)"]), of("app", &["SELECT (id)"]));
        assert_eq!(grants("TABLE t", None, &from, &to), ["REVOKE SELECT ON TABLE t FROM app", "GRANT SELECT (id) ON TABLE t TO app"]);
    }
}
