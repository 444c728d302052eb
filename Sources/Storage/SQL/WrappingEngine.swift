/// An engine that does something around another one's transactions; all else is the other one's.
protocol WrappingEngine: SQLEngine {
    var base: any SQLEngine { get }
}

extension WrappingEngine {
    var migrationTableQuery: SQLStatement { base.migrationTableQuery }
    var migrationPrelude: [SQLStatement] { base.migrationPrelude }
    var clockQuery: SQLStatement { base.clockQuery }
    var clockMicroseconds: SQLStatement { base.clockMicroseconds }
    var isServer: Bool { base.isServer }
    var keepLock: SQLStatement { base.keepLock }
    func close() throws(StorageError) { try base.close() }
}
