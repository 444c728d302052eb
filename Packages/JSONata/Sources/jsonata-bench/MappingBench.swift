@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import ToolSupport

/// Times one mapping on one document, on one thread.
struct MappingBench {
    private let options: BenchOptions
    private let input: [UInt8]
    private let source: String

    init(_ options: BenchOptions) throws {
        self.options = options
        input = try Files.read(options.input)
        source = options.jsonOnly ? "$" : String(decoding: try Files.read(options.mapping), as: UTF8.self)
    }

    func run() throws -> String {
        let expression = try Expression(source)
        let workspace = Workspace()
        if options.prints {
            var out: [UInt8] = []
            try workspace.write(try workspace.evaluate(expression, try workspace.parse(input)), into: &out)
            return String(decoding: out, as: UTF8.self)
        }
        if let turns = options.turns {
            let document = try workspace.parse(input)
            var result = document
            for _ in 0..<turns { result = try workspace.evaluate(expression, document) }
            return #"{"turns":\#(turns),"records":\#(max(1, records(workspace, result)))}"#
        }
        if options.jsonOnly { return try json(workspace) }
        // Each turn starts from a reset workspace, so that the memory of the turns does not add up.
        var document = try workspace.parse(input)
        let evaluation = try rate(half: options.seconds / 2) {
            _ = try workspace.evaluate(expression, document)
        } between: {
            workspace.reset()
            document = try workspace.parse(input)
        }
        var written = 0
        let endToEnd = try rate(half: options.seconds / 2) {
            workspace.reset()
            let result = try workspace.evaluate(expression, try workspace.parse(input))
            written = try workspace.withText(result) { $0.count }
        }
        let compile = try rate(half: min(0.2, options.seconds / 4)) { _ = try Expression(source) }
        workspace.reset()
        document = try workspace.parse(input)
        let before = workspace.memory
        let result = try workspace.evaluate(expression, document)
        let memory = workspace.memory - before
        let records = max(1, records(workspace, result))
        return """
            {"evals_per_s":\(fixed(evaluation)),"end_to_end_per_s":\(fixed(endToEnd)),\
            "compile_us":\(fixed(1e6 / compile)),"output_bytes":\(written),"records":\(records),\
            "arena_bytes_per_record":\(memory / records)}
            """
    }

    /// Items of the result, or of the first array in it.
    private func records(_ workspace: Workspace, _ result: Workspace.Document) -> Int {
        if result.isArray { return workspace.items(result).count }
        for name in ["result", "results", "data"] {
            let list = workspace.member(name, of: result)
            if list.isArray { return workspace.items(list).count }
        }
        return 1
    }

    private func json(_ workspace: Workspace) throws -> String {
        let parse = try rate(half: options.seconds / 2) {
            workspace.reset()
            _ = try workspace.parse(input)
        }
        workspace.reset()
        let document = try workspace.parse(input)
        let write = try rate(half: options.seconds / 2) { _ = try workspace.withText(document) { $0.count } }
        return #"{"parses_per_s":\#(fixed(parse)),"writes_per_s":\#(fixed(write)),"bytes":\#(input.count)}"#
    }

    /// Turns per second of `body`; `between` is not timed.
    private func rate(
        half seconds: Double, _ body: () throws -> Void, between: (() throws -> Void)? = nil
    ) throws -> Double {
        for _ in 0..<3 {
            try between?()
            try body()
        }
        var spent: UInt64 = 0
        var turns = 0
        let end = Clock.now(processor: false) + UInt64(seconds * 1e9)
        repeat {
            try between?()
            let start = Clock.now(processor: options.cpu)
            try body()
            spent += Clock.now(processor: options.cpu) - start
            turns += 1
        } while Clock.now(processor: false) < end
        return Double(turns) / (Double(spent) / 1e9)
    }

    private func fixed(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
