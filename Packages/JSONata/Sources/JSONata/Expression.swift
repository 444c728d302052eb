@_spi(Engine) public import JSON

/// A compiled expression of the JSONata language, version 2.2. Compile once, evaluate from many threads.
///
/// ```swift
/// let expression = try Expression("orders[status = 'open'].{ \"id\": id, \"total\": $sum(lines.amount) }")
/// let result = try expression.evaluate(document)
/// ```
public final class Expression: Sendable {
    /// The text it was compiled from.
    public let source: String
    let program: Program
    let library: FunctionLibrary
    private let facts: SyntaxFacts

    /// Compiles `source`.
    ///
    /// - Parameter library: the functions it may call by name.
    /// - Throws: a `JSONataError` with one of the language's S codes, its position and token.
    public convenience init(_ source: String, library: FunctionLibrary = .standard) throws(JSONataError) {
        try self.init(source, Source(source), library)
    }

    /// Compiles text that may hold lone surrogates.
    @_spi(Engine) public convenience init(
        wtf8 bytes: UnsafeBufferPointer<UInt8>, library: FunctionLibrary = .standard
    ) throws(JSONataError) {
        try self.init(String(decoding: bytes, as: UTF8.self), Source(wtf8: bytes), library)
    }

    private init(_ text: String, _ source: Source, _ library: FunctionLibrary) throws(JSONataError) {
        self.source = text
        self.library = library
        (program, facts) = try DeepStack.run { () throws -> (Program, SyntaxFacts) in
            let tree = try SyntaxProcessor.process(try Parser.parse(source))
            let facts = SyntaxFacts(tree)
            return (try Compiler.compile(tree, library: library), facts)
        }
    }

    /// The faults of `source`, found by reading on after each: for editors. Empty for an expression that compiles.
    public static func diagnose(_ source: String) -> [JSONataError] {
        do {
            let errors = try DeepStack.run { () throws -> [JSONataError] in
                let faults = try Parser.faults(Source(source))
                if faults.isEmpty {
                    let tree = try SyntaxProcessor.process(try Parser.parse(Source(source)))
                    _ = try Compiler.compile(tree, library: .standard)
                }
                return faults
            }
            return errors
        } catch {
            return [error]
        }
    }

    /// Evaluates against a document.
    ///
    /// - Parameters:
    ///   - input: the context value at the start, also `$$`; nil is undefined.
    ///   - bindings: variables by name, without the `$`. A binding hides a function of the library.
    ///   - budget: what this evaluation shares with others.
    /// - Returns: nil where the result is undefined.
    /// - Throws: a `JSONataError` with one of the language's T or D codes.
    public func evaluate(
        _ input: JSONValue?, bindings: [String: JSONValue] = [:], limits: EvaluationLimits = .standard,
        budget: EvaluationBudget? = nil
    ) throws(JSONataError) -> JSONValue? {
        try ContextPool.with(limits) { context throws(JSONataError) in
            let named = bindings.map { (name: $0.key, value: Value($0.value, in: context.arena)) }
            return try context.run(self, context.value(input), named, limits, budget) { try context.friendly($0) }
        }
    }

    /// The names of the top-level members of its input that the expression may read.
    ///
    /// - Returns: nil where that is not known, as with `membersRead(of:)`.
    public var membersRead: Set<String>? { facts.membersRead }

    /// The names of the members that the expression may read of the top-level member `root` of its input.
    ///
    /// For `body.candidate.id & body.file` and the root `body` that is `candidate` and `file`. What the members hold is
    /// taken to be read whole.
    ///
    /// - Returns: nil where that cannot be told: `root` is used as a whole, or the input is read by `$$`, a wildcard,
    ///   `$eval`, or a call that takes the context as its argument.
    public func membersRead(of root: String) -> Set<String>? { facts.membersRead(of: root) }

    /// The same one level further: of `query.emails.email`, the root `query` and the member `emails`, that is `email`.
    public func membersRead(of root: String, in member: String) -> Set<String>? { facts.membersRead(of: root, in: member) }
}
