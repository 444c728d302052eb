import JSON
import JSONata
import Synchronization

/// What the expressions of one sandbox share.
final class ScriptContext: Sendable {
    let library: FunctionLibrary
    /// Functions of the file by name: texts of JSONata functions.
    let functions: [String: String]

    init(library: FunctionLibrary, functions: [String: String]) {
        self.library = library
        self.functions = functions
    }

    /// Definitions of the functions that a text uses, and of those that they use; each after what it needs.
    func prelude(for source: String) -> String {
        guard !functions.isEmpty else { return "" }
        var order: [String] = []
        func visit(_ text: String, _ above: Set<String>) {
            for name in ScriptText.variables(text) where functions[name] != nil && !above.contains(name) {
                visit(functions[name] ?? "", above.union([name]))
                if !order.contains(name) { order.append(name) }
            }
        }
        visit(source, [])
        return order.map { "$\($0) := \(functions[$0] ?? "null"); " }.joined()
    }
}

/// One expression of a sandbox's file, compiled at its first use.
final class Script: Sendable {
    let source: String
    /// Where it stands in the file, for messages.
    let place: String
    private let context: ScriptContext
    private let state = Mutex<Compiled?>(nil)

    struct Compiled: Sendable {
        var expression: Result<Expression, JSONataError>
        /// The text with the functions that it calls before it.
        var text: String
        /// Those that it may read.
        var variables: Set<String>
        /// Members of the request that it may read.
        var members: [String]

        init(text: String, library: FunctionLibrary) {
            expression = Result { () throws(JSONataError) in try Expression(text, library: library) }
            self.text = text
            variables = ScriptText.variables(text)
            members = Call.members.filter { text.contains($0) }
        }
    }

    init(_ source: String, place: String, context: ScriptContext) {
        self.source = source
        self.place = place
        self.context = context
    }

    var compiled: Compiled {
        state.withLock { state in
            if let state { return state }
            let prelude = context.prelude(for: source)
            let text = prelude.isEmpty ? source : "(\(prelude)\(source)\n)"
            let fresh = Compiled(text: text, library: context.library)
            state = fresh
            return fresh
        }
    }

    /// The same on each item of `$rows_`, as a predicate or an order.
    func wrapped(_ before: String, _ after: String) -> Script {
        Script(before + source + "\n" + after, place: place, context: context)
    }

    /// Whether it reads what only the request's body can give.
    var readsBody: Bool {
        let names = compiled.variables
        return !names.isDisjoint(with: ["body", "part", "parts", "file", "raw", "fetched", "form", "$"])
    }
}

/// Looks into the text of an expression without parsing it.
enum ScriptText {
    /// The names that follow a `$` in the text; `$` itself stands for `$$`.
    static func variables(_ text: String) -> Set<String> {
        var names: Set<String> = []
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "$") else {
                at += 1
                continue
            }
            var end = at + 1
            while end < bytes.count, isName(bytes[end]) { end += 1 }
            if end == at + 1, end < bytes.count, bytes[end] == UInt8(ascii: "$") {
                names.insert("$")
                end += 1
            } else if end > at + 1 {
                names.insert(String(decoding: bytes[(at + 1)..<end], as: UTF8.self))
            }
            at = end
        }
        return names
    }

    /// The names that the text itself binds: `$x :=`, parameters of functions, `@$x`, `#$x`.
    static func bound(_ text: String) -> Set<String> {
        var names: Set<String> = []
        for match in text.matches(of: /\$([A-Za-z0-9_]+)\s*:=/) { names.insert(String(match.1)) }
        for match in text.matches(of: /[@#]\$([A-Za-z0-9_]+)/) { names.insert(String(match.1)) }
        for match in text.matches(of: /(?:function|λ)\s*\(([^)]*)\)/) { names.formUnion(variables(String(match.1))) }
        return names
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
