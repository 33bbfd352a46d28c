//! What a statement does, as far as a rule may ask: plain data, the same for all engines.

use std::ops::Range;

use crate::model::Name;

/// One thing that a statement does, and where in the statement it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    pub action: Action,
    /// Bytes of the statement.
    pub span: Range<usize>,
}

/// What is done. Names are as they were written; on PostgreSQL folded as the server folds them, and without the default schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    CreateTable(TableDef),
    DropTable {
        table: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameTable {
        from: Name,
        to: Name,
    },
    MoveTable {
        table: Name,
        schema: String,
    },

    AddColumn {
        table: Name,
        column: ColumnDef,
        if_not_exists: bool,
    },
    DropColumn {
        table: Name,
        column: String,
        cascade: bool,
    },
    RenameColumn {
        table: Name,
        from: String,
        to: String,
    },
    /// PostgreSQL's ALTER COLUMN ... TYPE.
    SetType {
        table: Name,
        column: String,
        ty: String,
        using: Option<String>,
    },
    /// MySQL's MODIFY and CHANGE: the column is from now on what is written here, and nothing else.
    Redefine {
        table: Name,
        from: String,
        column: ColumnDef,
    },
    SetNotNull {
        table: Name,
        column: String,
    },
    DropNotNull {
        table: Name,
        column: String,
    },
    SetDefault {
        table: Name,
        column: String,
        expr: String,
    },
    DropDefault {
        table: Name,
        column: String,
    },
    AddIdentity {
        table: Name,
        column: String,
    },
    /// ALTER COLUMN ... DROP EXPRESSION, DROP IDENTITY, SET STATISTICS and the like.
    ColumnOption {
        table: Name,
        column: String,
        what: String,
    },

    AddConstraint {
        table: Name,
        constraint: Constraint,
    },
    /// `kind` where the statement says which: DROP FOREIGN KEY, DROP CHECK, DROP PRIMARY KEY.
    DropConstraint {
        table: Name,
        name: Option<String>,
        kind: Option<ConstraintWord>,
        cascade: bool,
    },
    ValidateConstraint {
        table: Name,
        name: String,
    },

    CreateIndex(IndexDef),
    DropIndex {
        table: Option<Name>,
        index: Name,
        concurrently: bool,
        if_exists: bool,
    },
    RenameIndex {
        index: Name,
        to: String,
    },
    IndexVisibility {
        table: Name,
        index: String,
        visible: bool,
    },
    Reindex {
        what: String,
        concurrently: bool,
    },

    AttachPartition {
        table: Name,
        partition: Name,
    },
    DetachPartition {
        table: Name,
        partition: Name,
        concurrently: bool,
    },
    /// MySQL's ADD, DROP, TRUNCATE, REORGANIZE ... PARTITION and PARTITION BY: the word.
    Partitioning {
        table: Name,
        what: String,
    },
    /// `ENGINE = InnoDB`: the key in upper case.
    TableOption {
        table: Name,
        key: String,
        value: String,
    },
    /// CONVERT TO CHARACTER SET.
    ConvertCharset {
        table: Name,
        charset: String,
    },
    ReplicaIdentity {
        table: Name,
    },
    RowSecurity {
        table: Name,
    },
    /// Something else about a table that no rule asks for.
    TableOther {
        table: Name,
        what: String,
    },

    CreateSchema {
        schema: String,
    },
    DropSchema {
        schema: String,
    },
    RenameSchema {
        from: String,
        to: String,
    },
    CreateSequence {
        sequence: Name,
    },
    DropSequence {
        sequence: Name,
    },
    CreateEnum {
        name: Name,
        values: Vec<String>,
    },
    AddEnumValue {
        name: Name,
        value: String,
        is_placed: bool,
    },
    RenameEnumValue {
        name: Name,
        from: String,
        to: String,
    },
    CreateDomain {
        name: Name,
        is_constrained: bool,
    },
    AddDomainConstraint {
        name: Name,
        not_valid: bool,
    },
    UpdateExtension {
        name: String,
    },
    /// Functions, procedures and aggregates: what calls one is known to no catalog.
    DropRoutine {
        name: Name,
    },
    CreateTrigger {
        trigger: String,
        table: Name,
    },
    DropTrigger {
        trigger: String,
        table: Option<Name>,
    },
    /// GRANT, REVOKE, and policies: the statement's first words.
    Authorize {
        what: String,
    },

    Truncate {
        tables: Vec<Name>,
        cascade: bool,
    },
    Update(Dml),
    Delete(Dml),
    Insert {
        table: Name,
        from_query: bool,
    },
    /// VACUUM, VACUUM FULL, CLUSTER, OPTIMIZE TABLE: `what` in upper case, `table` where one is named.
    Rewrite {
        what: String,
        table: Option<Name>,
    },
    LockTable {
        table: Name,
    },

    /// SET and RESET, and PostgreSQL's set_config: the variable in lower case, `@x` for one of MySQL's user variables. The value of RESET is DEFAULT.
    Set {
        variable: String,
        value: String,
        /// PostgreSQL's SET LOCAL: until the transaction ends.
        local: bool,
        /// MySQL's GLOBAL and PERSIST: for sessions that begin later, not for this one.
        global: bool,
    },
    /// `PRAGMA name = value`, both in lower case.
    Pragma {
        name: String,
        value: Option<String>,
    },
    Begin,
    Commit,
    Rollback,
    /// What runs code that cannot be seen from here: DO, CALL, EXECUTE, a SELECT that calls a function, MariaDB's BEGIN NOT ATOMIC: the word.
    Opaque {
        what: String,
    },
    /// A statement that no rule has a question about: the first words.
    Other {
        what: String,
    },
}

/// A table as CREATE TABLE says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableDef {
    pub name: Option<Name>,
    pub if_not_exists: bool,
    /// MariaDB's CREATE OR REPLACE: a table of this name goes, with its rows.
    pub or_replace: bool,
    pub temporary: bool,
    pub columns: Vec<ColumnDef>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<IndexDef>,
    /// PARTITION OF and INHERITS: the parent.
    pub parent: Option<Name>,
    /// True for PARTITION OF.
    pub is_partition: bool,
    /// LIKE: the pattern.
    pub like: Option<Name>,
    /// What is said of the pattern on PostgreSQL, in upper case and in order: INCLUDING ALL, EXCLUDING INDEXES.
    pub like_options: Vec<String>,
    /// True for CREATE TABLE ... AS SELECT and PostgreSQL's SELECT ... INTO.
    pub from_query: bool,
    /// Keys in upper case: ENGINE, CHARSET, COLLATE, AUTO_INCREMENT, PARTITION, STRICT.
    pub options: Vec<(String, String)>,
}

/// A column as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnDef {
    pub name: String,
    /// In lower case, with single blanks and none around brackets and commas: `character varying(20)`. Empty where none is given.
    pub ty: String,
    pub not_null: bool,
    /// The expression as it is written; `None` for none and for NULL.
    pub default: Option<String>,
    pub generated: Option<Generated>,
    /// serial, IDENTITY, AUTO_INCREMENT, AUTOINCREMENT.
    pub identity: bool,
    pub primary_key: bool,
    pub unique: bool,
    pub references: Option<Reference>,
    pub check: bool,
    /// The names of the constraints that stand in the definition of the column, and what each is.
    pub constraint_names: Vec<(String, ConstraintWord)>,
    pub comment: Option<String>,
    /// COLLATE and CHARACTER SET, as written.
    pub collation: Option<String>,
    pub charset: Option<String>,
    pub on_update: Option<String>,
    /// FIRST or AFTER.
    pub is_placed: bool,
    /// Bytes of the statement.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generated {
    Stored,
    Virtual,
}

/// What a foreign key points at. `columns` is empty where the primary key is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub table: Name,
    pub columns: Vec<String>,
    /// In upper case.
    pub on_delete: Option<String>,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    pub name: Option<String>,
    pub kind: ConstraintKind,
    pub not_valid: bool,
    /// MySQL's NOT ENFORCED.
    pub not_enforced: bool,
    /// Bytes of the statement.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstraintKind {
    PrimaryKey {
        columns: Vec<String>,
        using_index: Option<String>,
    },
    Unique {
        columns: Vec<String>,
        using_index: Option<String>,
    },
    ForeignKey {
        columns: Vec<String>,
        reference: Reference,
    },
    Check {
        expr: String,
    },
    /// PostgreSQL 18: NOT NULL as a constraint of the table.
    NotNull {
        column: String,
    },
    Exclude,
}

/// The kind of a constraint in the definition of a column, or of one that a statement drops: then it is no Unique and no NotNull.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintWord {
    PrimaryKey,
    ForeignKey,
    Check,
    Unique,
    NotNull,
}

/// An index as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexDef {
    pub name: Option<String>,
    pub table: Name,
    pub unique: bool,
    pub concurrently: bool,
    pub if_not_exists: bool,
    /// In lower case.
    pub method: Option<String>,
    /// The columns in order; `None` for an expression.
    pub columns: Vec<Option<String>>,
    pub is_partial: bool,
    /// FULLTEXT or SPATIAL, in upper case.
    pub special: Option<String>,
}

/// UPDATE or DELETE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dml {
    pub table: Name,
    /// The columns that SET assigns, in order; of DELETE none.
    pub columns: Vec<String>,
    /// What stands behind WHERE.
    pub filter: Option<String>,
}
