//! The rules, a file each. This is the only list of them.

mod add_auto_increment;
mod add_column_unsupported;
mod add_required_column;
mod add_stored_generated;
mod algorithm_missing;
mod authorization_change;
mod auto_increment_capacity;
mod backfill_fires_triggers;
mod backfill_in_transaction;
mod backfill_touches_timestamp;
mod backfill_unguarded;
mod change_type;
mod char_type;
mod charset_not_allowed;
mod check_before_backfill;
mod check_copies;
mod check_not_valid;
mod column_order;
mod combine_alters;
mod concurrent_if_not_exists;
mod concurrent_in_transaction;
mod convert_charset;
mod copy_algorithm;
mod create_domain_constraint;
mod create_enum;
mod datetime_index_position;
mod detach_partition_not_concurrent;
mod domain_constraint_not_valid;
mod drop_column;
mod drop_foreign_key;
mod drop_index_not_concurrent;
mod drop_not_null;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod drop_table_with_foreign_keys;
mod duplicate_assignment;
mod engine_not_allowed;
mod enum_list_change;
mod enum_value_order;
mod exclusion_constraint;
mod extension_upgrade;
mod float_type;
mod foreign_key_copies;
mod foreign_key_not_valid;
mod foreign_key_type_mismatch;
mod foreign_key_unchecked;
mod foreign_key_without_index;
mod foreign_keys_in_transaction;
mod hash_index;
mod identifier_too_long;
mod index_corruption;
mod index_dropped;
mod index_not_concurrent;
mod index_visibility_mixed;
mod inline_references_ignored;
mod invented_default;
mod json_column;
mod lock_option;
mod lock_timeout_missing;
mod missing_primary_key;
mod modify_drops_attributes;
mod money_type;
mod move_table;
mod multiple_foreign_keys;
mod name_case;
mod name_pattern;
mod no_batch_key;
mod not_retryable;
mod opaque_statement;
mod partition_rebuild;
mod primary_key_blocking;
mod rebuild_cascades;
mod rebuild_loses_objects;
mod rebuild_loses_sequence;
mod rebuild_renames_old;
mod redundant_index;
mod reindex_not_concurrent;
mod rename_column;
mod rename_enum_value;
mod rename_schema;
mod rename_table;
mod replace_index;
mod replica_identity;
mod reserved_word;
mod serial_type;
mod set_not_null_scan;
mod small_integer_column;
mod small_primary_key;
mod statement_not_read;
mod statement_timeout_missing;
mod statements_under_exclusive_lock;
mod timestamp_2038;
mod timestamp_without_time_zone;
mod transaction_nesting;
mod truncate_cascade;
mod truncate_table;
mod unbatched_change;
mod uncommitted_transaction;
mod unique_constraint_blocking;
mod unique_on_data;
mod unqualified_name;
mod untracked_dependency;
mod vacuum_full;
mod validate_in_same_transaction;
mod varchar_limit;
mod volatile_default;
mod wide_index;
mod zero_date;

use super::rule::Rule;

/// All rules, in the order of the documentation.
pub const RULES: &[&Rule] = &[
    &drop_schema::RULE,
    &drop_table::RULE,
    &drop_column::RULE,
    &truncate_table::RULE,
    &truncate_cascade::RULE,
    &drop_sequence::RULE,
    &drop_foreign_key::RULE,
    &drop_not_null::RULE,
    &untracked_dependency::RULE,
    &rename_table::RULE,
    &rename_column::RULE,
    &rename_schema::RULE,
    &rename_enum_value::RULE,
    &move_table::RULE,
    &add_required_column::RULE,
    &invented_default::RULE,
    &add_column_unsupported::RULE,
    &set_not_null_scan::RULE,
    &unique_on_data::RULE,
    &duplicate_assignment::RULE,
    &change_type::RULE,
    &enum_list_change::RULE,
    &volatile_default::RULE,
    &add_auto_increment::RULE,
    &add_stored_generated::RULE,
    &convert_charset::RULE,
    &partition_rebuild::RULE,
    &modify_drops_attributes::RULE,
    &index_not_concurrent::RULE,
    &drop_index_not_concurrent::RULE,
    &reindex_not_concurrent::RULE,
    &detach_partition_not_concurrent::RULE,
    &concurrent_in_transaction::RULE,
    &concurrent_if_not_exists::RULE,
    &index_corruption::RULE,
    &index_dropped::RULE,
    &replace_index::RULE,
    &index_visibility_mixed::RULE,
    &unique_constraint_blocking::RULE,
    &primary_key_blocking::RULE,
    &foreign_key_not_valid::RULE,
    &foreign_key_copies::RULE,
    &foreign_key_unchecked::RULE,
    &check_not_valid::RULE,
    &check_copies::RULE,
    &validate_in_same_transaction::RULE,
    &exclusion_constraint::RULE,
    &domain_constraint_not_valid::RULE,
    &multiple_foreign_keys::RULE,
    &drop_table_with_foreign_keys::RULE,
    &inline_references_ignored::RULE,
    &statements_under_exclusive_lock::RULE,
    &lock_timeout_missing::RULE,
    &statement_timeout_missing::RULE,
    &combine_alters::RULE,
    &copy_algorithm::RULE,
    &lock_option::RULE,
    &algorithm_missing::RULE,
    &vacuum_full::RULE,
    &unbatched_change::RULE,
    &backfill_in_transaction::RULE,
    &backfill_unguarded::RULE,
    &check_before_backfill::RULE,
    &backfill_fires_triggers::RULE,
    &backfill_touches_timestamp::RULE,
    &no_batch_key::RULE,
    &foreign_keys_in_transaction::RULE,
    &rebuild_cascades::RULE,
    &rebuild_loses_objects::RULE,
    &rebuild_loses_sequence::RULE,
    &rebuild_renames_old::RULE,
    &transaction_nesting::RULE,
    &uncommitted_transaction::RULE,
    &not_retryable::RULE,
    &opaque_statement::RULE,
    &statement_not_read::RULE,
    &authorization_change::RULE,
    &extension_upgrade::RULE,
    &replica_identity::RULE,
    &missing_primary_key::RULE,
    &small_primary_key::RULE,
    &small_integer_column::RULE,
    &auto_increment_capacity::RULE,
    &json_column::RULE,
    &char_type::RULE,
    &varchar_limit::RULE,
    &float_type::RULE,
    &money_type::RULE,
    &serial_type::RULE,
    &timestamp_without_time_zone::RULE,
    &timestamp_2038::RULE,
    &zero_date::RULE,
    &create_enum::RULE,
    &enum_value_order::RULE,
    &create_domain_constraint::RULE,
    &engine_not_allowed::RULE,
    &charset_not_allowed::RULE,
    &column_order::RULE,
    &wide_index::RULE,
    &redundant_index::RULE,
    &hash_index::RULE,
    &datetime_index_position::RULE,
    &foreign_key_type_mismatch::RULE,
    &foreign_key_without_index::RULE,
    &identifier_too_long::RULE,
    &reserved_word::RULE,
    &name_case::RULE,
    &name_pattern::RULE,
    &unqualified_name::RULE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{CODES, Example, Finding, Flavor, Judge, Level, Levels, ReadScript, Sizes};
    use crate::config::CheckSettings;
    use crate::dialect::Kind;
    use crate::migration::Script;
    use crate::plan::Direction;

    /// A version of the server that the example is for.
    fn version(example: &Example) -> u32 {
        if let Some(version) = example.version {
            return version;
        }
        match (example.kind, example.flavor) {
            (Kind::Sqlite, _) => 3_045_000,
            (Kind::Postgres, _) => 150_000,
            (Kind::Mysql, Flavor::Mysql) => 80_400,
            (Kind::Mysql, Flavor::Any | Flavor::Mariadb) => 101_100,
        }
    }

    /// What one rule finds in an example, whatever its level.
    fn found(rule: &Rule, example: &Example) -> Vec<Finding> {
        let rules = RULES.iter().map(|it| (it.code.to_owned(), if it.code == rule.code { Level::Error } else { Level::Off })).collect();
        // What a rule about names has to go by.
        let names = [("table".to_owned(), "[a-z_]+".to_owned())].into();
        let levels = Levels::new(CheckSettings { rules, names, ..CheckSettings::default() });
        let sizes = Sizes::default();
        let mut judge = Judge::new(example.kind, version(example), &levels, &sizes);
        let read = |text: &str| ReadScript::new(&Script::new("x.up.sql", text), "1", Direction::Up, example.kind);
        judge.learn(&read(example.before));
        judge.judge(&read(example.script))
    }

    #[test]
    fn every_rule_finds_its_examples_and_leaves_its_counter_examples_alone() {
        let mut wrong = Vec::new();
        for rule in RULES {
            for example in rule.examples {
                if found(rule, example).is_empty() {
                    wrong.push(format!("{} finds nothing in: {}", rule.code, example.script));
                }
            }
            for example in rule.counter_examples {
                let findings = found(rule, example);
                if let Some(finding) = findings.first() {
                    wrong.push(format!("{} finds something in: {}\n  {}", rule.code, example.script, finding.message));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_rule_is_complete_and_has_a_code_of_its_own() {
        for (index, rule) in RULES.iter().enumerate() {
            let code = rule.code;
            assert!(!rule.examples.is_empty() && !rule.counter_examples.is_empty(), "{code} lacks examples");
            assert!(!rule.summary.is_empty() && !rule.why.is_empty() && !rule.instead.is_empty() && !rule.sources.is_empty(), "{code} lacks words");
            assert!(!rule.summary.ends_with('.'), "{code}: a summary is no sentence");
            assert!(code.bytes().all(|c| c.is_ascii_lowercase() || c == b'-' || c.is_ascii_digit()), "{code}");
            assert!(
                RULES[index + 1..].iter().all(|other| other.code != code) && CODES.iter().all(|other| other.code != code),
                "{code} is there twice"
            );
            for kind in rule.engines {
                assert!(rule.examples.iter().any(|example| example.kind == *kind), "{code} has no example on {kind:?}");
            }
            let others = |examples: &[Example]| examples.iter().all(|example| rule.engines.contains(&example.kind));
            assert!(others(rule.examples), "{code} has an example on an engine that it does not judge");
        }
    }

    #[test]
    fn every_rule_is_in_the_list() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/rules");
        let files = std::fs::read_dir(folder)
            .expect("the folder of the rules")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"));
        let rules: Vec<String> = files.filter(|name| name != "mod.rs").collect();
        assert_eq!(rules.len(), RULES.len(), "one file, one rule, one line in the list");
    }
}
