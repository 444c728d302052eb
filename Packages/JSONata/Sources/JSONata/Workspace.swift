@_spi(Engine) public import JSON

/// Memory in which documents are parsed once, expressions are evaluated on them, and results are written to bytes.
///
/// This is the fast way: nothing is copied into Swift values in between. Use one workspace for one piece of work at a
/// time (it is not `Sendable`) and `reset` it, or let it go, when the work is done; documents end with it.
///
/// ```swift
/// let workspace = Workspace()
/// let page = try workspace.parse(body)
/// for record in workspace.items(page) {
///     let unified = try workspace.evaluate(mapping, record, bindings: [("account", account)])
///     try workspace.write(unified, into: &output)
/// }
/// ```
public final class Workspace {
    /// A value in a workspace. Must not be used after the workspace was reset.
    public struct Document {
        @_spi(Engine) public let value: Value
        fileprivate let generation: UInt64

        /// Whether there is no value at all, which is not the same as null.
        public var isUndefined: Bool { value.isUndefined }
        public var isArray: Bool { value.isArray }
        public var isObject: Bool { value.isObject }
        public var isNull: Bool { value.tag == .null }
    }

    public let limits: EvaluationLimits
    /// Charged by everything that this workspace does; nil for no limits but those of each evaluation.
    public var budget: EvaluationBudget?
    @_spi(Engine) public let context: Context
    private var generation: UInt64
    private var writer: ByteSink
    /// Hold the texts that values point into.
    private var owners: [AnyObject] = []
    /// Evaluated expressions, kept alive because results point into their texts, above all names of members.
    private var expressions: [ObjectIdentifier: Expression] = [:]
    private var latest: Expression?

    public init(limits: EvaluationLimits = .standard, budget: EvaluationBudget? = nil) {
        self.limits = limits
        self.budget = budget
        context = ContextPool.take(limits)
        generation = Context.clock()
        writer = ByteSink(capacity: 1024)
    }

    deinit {
        writer.destroy()
        ContextPool.give(context)
    }

    /// Bytes of values and documents in use.
    public var memory: Int { context.arena.bytesInUse }

    /// Forgets all documents.
    public func reset() {
        context.reset(limits)
        owners = []
        expressions = [:]
        latest = nil
        generation &+= 1
    }

    /// Parses a document, strictly by RFC 8259.
    public func parse(_ bytes: UnsafeRawBufferPointer, maxDepth: Int = 512) throws(JSONError) -> Document {
        if context.arena.wouldExhaust(bytes.count) { throw JSONError("document larger than the memory limit", at: 0) }
        return document(
            try context.metered(budget) { () throws(JSONError) in
                try ValueReader.read(bytes, in: context.arena, maxDepth: maxDepth)
            }
        )
    }

    /// Parses a document, strictly by RFC 8259.
    public func parse(_ bytes: [UInt8], maxDepth: Int = 512) throws(JSONError) -> Document {
        let result = bytes.withUnsafeBytes { bytes -> Result<Document, JSONError> in
            do throws(JSONError) { return .success(try parse(bytes, maxDepth: maxDepth)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Parses a text where it lies: behind it there are `ValueReader.padding` zero bytes, and it stays there, unchanged, for
    /// as long as `owner` lives.
    @_spi(Engine) public func parse(padded text: UnsafePointer<UInt8>, count: Int, owner: AnyObject) throws(JSONError) -> Document {
        owners.append(owner)
        return document(
            try context.metered(budget) { () throws(JSONError) in
                try ValueReader.read(padded: text, count: count, in: context.arena)
            }
        )
    }

    /// Parses a text that was a part of a document before, as `parse(padded:)`. Nothing is charged: it was then.
    ///
    /// It ends where its document's text went on, so that nothing need be behind it.
    @_spi(Engine) public func parse(again text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> Document {
        guard let start = text.baseAddress else { throw JSONError("unexpected end", at: 0) }
        return document(try ValueReader.read(padded: start, count: text.count, in: context.arena))
    }

    /// What a workspace held at a moment.
    @_spi(Engine) public struct Mark {
        fileprivate let arena: Arena.Mark
        fileprivate let retained: Int
    }

    @_spi(Engine) public var mark: Mark { Mark(arena: context.arena.mark, retained: context.state.pointee.retained.count) }

    /// Forgets all documents since `mark`, which must not be used any more; those from before stay.
    @_spi(Engine) public func rewind(to mark: Mark) { context.rewind(to: mark.arena, retained: mark.retained) }

    /// Takes over a friendly value.
    public func document(_ value: JSONValue?) -> Document { document(context.value(value)) }

    @_spi(Engine) public func document(_ value: Value) -> Document { Document(value: value, generation: generation) }

    /// An object of documents, in the order given.
    public func object(_ members: [(String, Document)]) -> Document {
        document(context.object(members.map { ($0.0, use($0.1)) }))
    }

    /// An array of documents.
    public func array(_ items: [Document]) -> Document { document(context.array(items.map { use($0) })) }

    /// A copy of an object that was made by `object`, with another value of its last member.
    public func object(_ object: Document, last value: Document) -> Document {
        let old = use(object).members
        let members = Value.members(old.count, in: context.arena)
        guard let from = old.baseAddress, old.count > 0 else { return object }
        UnsafeMutableRawPointer(members).copyMemory(from: from, byteCount: old.count * MemoryLayout<Member>.stride)
        members[old.count - 1].value = use(value)
        let copy = Value(members: members, count: old.count)
        ObjectIndex.attach(to: copy, in: context.arena)
        return self.document(copy)
    }

    /// A host object as its JSON; any other value as it is.
    @_spi(Engine) public func resolved(_ value: Value) -> Value {
        value.tag == .host ? context.hostObject(value)?.json(context) ?? .null : value
    }

    /// - Throws: where the values take more than the limit, or the budget is used up.
    public func checkMemory() throws(JSONataError) {
        try budget?.check()
        if context.memoryLeft < 0 { throw context.memoryFault() }
    }

    /// The memory that values of this workspace live in.
    @_spi(Engine) public var arena: Arena { context.arena }

    /// The items of an array; for any other value the value alone.
    public func items(_ document: Document) -> [Document] {
        let value = use(document)
        guard value.isArray else { return value.isUndefined ? [] : [document] }
        return value.elements.map { self.document($0) }
    }

    /// The member of an object; undefined where there is none.
    public func member(_ name: String, of document: Document) -> Document {
        let value = use(document)
        return self.document(value.isObject ? value.member(context.string(name)) : .undefined)
    }

    private func use(_ document: Document) -> Value {
        precondition(document.generation == generation, "a document of another workspace, or from before a reset")
        return document.value
    }

    /// Evaluates an expression.
    ///
    /// - Parameters:
    ///   - input: the context value at the start; nil is undefined.
    ///   - bindings: variables by name, without the `$`.
    public func evaluate(
        _ expression: Expression, _ input: Document?, bindings: [(String, Document)] = []
    ) throws(JSONataError) -> Document {
        if latest !== expression {
            expressions[ObjectIdentifier(expression)] = expression
            latest = expression
        }
        var named: [(name: String, value: Value)] = []
        for (name, document) in bindings { named.append((name, use(document))) }
        let start = input.map { use($0) } ?? .undefined
        let result = try context.run(expression, start, named, limits, budget) { $0 }
        return document(result)
    }

    /// The text that an object was read from, byte for byte; nil for any other value and for what an evaluation made.
    public func source(of document: Document) -> [UInt8]? {
        let value = use(document)
        return value.isObject ? value.source.map { Array($0) } : nil
    }

    /// The value as a Swift value; nil where it is undefined.
    public func value(_ document: Document) throws(JSONataError) -> JSONValue? {
        let value = use(document)
        return try DeepStack.run { try context.friendly(value) }
    }

    /// Appends the value's JSON text; undefined is written as null.
    ///
    /// - Throws: `D1014` for a result longer than the limit.
    public func write(_ document: Document, into output: inout [UInt8], pretty: Bool = false) throws(JSONataError) {
        try withText(document, pretty: pretty) { output.append(contentsOf: $0) }
    }

    /// Hands the value's JSON text to `body`, in a buffer that is used again.
    public func withText<Result>(
        _ document: Document, pretty: Bool = false, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(JSONataError) -> Result {
        let value = use(document)
        try budget?.check()
        try context.metered(budget) { () throws(JSONataError) in
            try DeepStack.run { try writeText(value, pretty: pretty) }
        }
        budget?.add(output: writer.count)
        return body(writer.bytes)
    }

    /// Appends text to `sink` as `JSONValue` would be written: what `body` writes.
    ///
    /// - Throws: `D1014` for more than the limit, or more than 1,000 levels.
    @_spi(Engine) public func append(
        to sink: inout ByteSink, _ body: (inout ValueWriter) throws(ValueWriter.Failure) -> Void
    ) throws(JSONataError) {
        let start = sink.count
        let longest = start + min(limits.output, max(0, context.memoryLeft))
        try DeepStack.run {
            var text = ValueWriter(sink: sink)
            defer { sink = text.sink }
            // Once more from the beginning where the stack was too small.
            text.sink.count = start
            text.asJSONValue = true
            text.limit = longest
            text.host = { [context] in context.hostObject($0)?.json(context) ?? .null }
            do throws(ValueWriter.Failure) { try body(&text) } catch { throw context.fault(error) }
        }
    }

    /// Fills the buffer. What it takes counts as memory too, next to the values.
    private func writeText(_ value: Value, pretty: Bool) throws {
        var text = ValueWriter(sink: writer)
        text.sink.count = 0
        defer { writer = text.sink }
        let outputLeft = budget.map { $0.outputLimit - $0.outputUsed } ?? .max
        let memoryLeft = context.memoryLeft
        text.limit = min(limits.output, outputLeft, memoryLeft)
        text.host = { [context] in context.hostObject($0)?.json(context) ?? .null }
        do throws(ValueWriter.Failure) {
            try text.write(value, pretty: pretty)
        } catch {
            if error.reason == .tooLong {
                if memoryLeft <= min(limits.output, outputLeft) { throw context.memoryFault() }
                if let budget, outputLeft < limits.output { throw budget.fault(.output) }
            }
            throw context.fault(error)
        }
    }
}
