@_spi(Engine) import JSON

/// `function($a, $b) { … }`.
final class LambdaNode: Node, @unchecked Sendable {
    let parameters: Int
    let signature: Signature?
    // Set once by the compiler, after the body's variables are known.
    var slots = 0
    var body: Node

    init(parameters: Int, signature: Signature?) {
        self.parameters = parameters
        self.signature = signature
        body = Node()
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.make(
            FunctionBox(
                kind: .lambda, object: UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()), frame: frame,
                first: input
            )
        )
    }
}

/// A call in tail position: left to the caller, so that the stack does not grow.
final class ThunkNode: Node, @unchecked Sendable {
    let call: CallNode
    static var mark: Value { Value(head: UInt64(Tag.function.rawValue) | 1 << 14, word: 0) }

    init(_ call: CallNode) { self.call = call }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.state.pointee.thunk = Context.Thunk(call: Unmanaged.passUnretained(call), frame: frame, input: input)
        return Self.mark
    }
}

/// A regular expression literal.
final class RegexLiteralNode: Node, @unchecked Sendable {
    let expression: RegularExpression
    let value: Value

    init(_ expression: RegularExpression, _ value: Value) {
        self.expression = expression
        self.value = value
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value { value }
    override var constant: Value? { value }
}
