import StorageTestSupport

struct BenchOptions {
    struct Usage: Error {}
    enum Command: String {
        case lookups, crashes
        /// What `crashes` starts in order to kill it.
        case write
    }

    var command: Command
    /// Accounts of the two databases that are compared.
    var small = 1000
    var large = 1_000_000
    /// Look-ups in each.
    var turns = 40_000
    /// Processes that are killed; for `write`, which of them this is.
    var rounds = 200
    var stores: [StoreKind] = [.sqlite, .postgres]
    var address = ""
    var log = ""

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        guard let command = rest.popFirst().flatMap(Command.init) else { throw Usage() }
        self.command = command
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Usage() }
            switch name {
            case "--small": small = try Self.count(value)
            case "--large": large = try Self.count(value)
            case "--turns": turns = try Self.count(value)
            case "--rounds": rounds = try Self.count(value)
            case "--stores": stores = try value.split(separator: ",").map { try Self.store(String($0)) }
            case "--address": address = value
            case "--log": log = value
            default: throw Usage()
            }
        }
    }

    private static func count(_ text: String) throws -> Int {
        guard let number = Int(text), number > 0 else { throw Usage() }
        return number
    }

    private static func store(_ text: String) throws -> StoreKind {
        guard let kind = StoreKind(rawValue: text) else { throw Usage() }
        return kind
    }
}
