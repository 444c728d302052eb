/// What a command may do to the place of a database.
enum DatabaseAccess: Sendable {
    /// Make the folder, the database and the master key, where they are missing: `serve`, `dev`, `db migrate`.
    case making
    /// Nothing but use what is there. A command that makes a second database in the wrong folder gives tokens that no
    /// gateway knows.
    case existing
}
