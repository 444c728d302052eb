struct Usage: Error, CustomStringConvertible {
    var description: String {
        "usage: jsonata-bench --mapping FILE --input FILE [--seconds S] [--turns N] [--cpu] [--print] [--json]"
    }
}

struct BenchOptions {
    var mapping = ""
    var input = ""
    var seconds = 1.0
    /// Print the result instead of timing it.
    var prints = false
    /// Evaluate this often and time nothing: for tools that count allocations.
    var turns: Int?
    /// Count processor time, for machines that are busy with other things.
    var cpu = false
    /// Time parsing and writing of the input alone.
    var jsonOnly = false

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            switch name {
            case "--print": prints = true
            case "--cpu": cpu = true
            case "--json": jsonOnly = true
            default:
                guard let value = rest.popFirst() else { throw Usage() }
                switch name {
                case "--mapping": mapping = value
                case "--input": input = value
                case "--turns":
                    guard let number = Int(value), number > 0 else { throw Usage() }
                    turns = number
                case "--seconds":
                    guard let number = Double(value), number > 0 else { throw Usage() }
                    seconds = number
                default: throw Usage()
                }
            }
        }
        guard !input.isEmpty, jsonOnly || !mapping.isEmpty else { throw Usage() }
    }
}
