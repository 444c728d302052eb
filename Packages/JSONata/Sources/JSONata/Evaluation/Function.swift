@_spi(Engine) public import JSON

/// A function value's parts, in the evaluation's arena.
struct FunctionBox {
    enum Kind: UInt8 { case lambda, native, partial, regex, matchNext, chain, transform, bound }

    var kind: Kind
    /// The `LambdaNode`, `NativeFunction`, `CompiledRegex` …, kept alive by the program or the context.
    var object: UnsafeRawPointer
    var frame = Frame.none
    /// The context of a lambda, the function of a partial application, the first of a chain.
    var first = Value.undefined
    /// The bound arguments (`Frame.unbound` where a parameter is open), the second of a chain.
    var second = Value.undefined
    var number = 0

    /// The `number` of a lambda that has a context where a built-in calls it.
    static let keepsContext = 1
}

extension Value {
    @inline(__always) var function: UnsafeMutablePointer<FunctionBox> {
        assert(tag == .function)
        return pointer.assumingMemoryBound(to: FunctionBox.self)
    }
}

extension Context {
    func make(_ box: FunctionBox) -> Value {
        box.frame.capture()
        let memory = arena.allocate(MemoryLayout<FunctionBox>.stride).assumingMemoryBound(to: FunctionBox.self)
        memory.initialize(to: box)
        return Value(head: UInt64(Tag.function.rawValue), word: UInt64(UInt(bitPattern: memory)))
    }

    func make(_ native: NativeFunction) -> Value {
        make(FunctionBox(kind: .native, object: UnsafeRawPointer(Unmanaged.passUnretained(native).toOpaque())))
    }
}

/// The arguments of a call to a native function, with the context value it was called in.
@_spi(Engine) public struct Arguments {
    @_spi(Engine) public let base: UnsafeMutablePointer<Value>
    @_spi(Engine) public let count: Int
    /// The context value (`$`) where the call stands.
    @_spi(Engine) public let input: Value

    /// The argument at `index`, undefined where there is none.
    @inline(__always) @_spi(Engine) public subscript(_ index: Int) -> Value { index < count ? base[index] : .undefined }
}

/// A function implemented in Swift.
///
/// To add one, write a body over values and give it a name and a signature:
///
///     library.add(NativeFunction("shout", "<s-:s>") { context, arguments in
///         let text = arguments[0]
///         if text.isUndefined { return .undefined }        // the language's rule for missing arguments
///         return context.string(text.text.uppercased() + "!")
///     })
///
/// The signature is checked before the body runs: types are as it says or undefined, an `a` argument is an array, and
/// a `-` argument was filled from the context. Make values with the context's `string`, `array`, `object`, `sequence`;
/// call function arguments with `context.call`. Results live until the evaluation ends. Report errors by throwing
/// `JSONataError` with the language's code; position and token are filled in by the caller.
@_spi(Engine) public final class NativeFunction: @unchecked Sendable {
    // Unchecked for `checks`, which is written before `init` ends and freed with the object.

    @_spi(Engine) public typealias Body = @Sendable (Context, Arguments) throws -> Value

    /// What a function does that takes a value and a function. The compiler makes a loop of a call whose function is
    /// written in place; values that the loop does not know still go to the body.
    @_spi(Engine) public enum Operation { case map, filter, each, sift }

    @_spi(Engine) public let name: String
    let signature: Signature?
    /// Whether there is a signature: asked at each call, where reading the signature itself would count references.
    let isChecked: Bool
    /// How many arguments a higher-order function passes it at most.
    let arity: Int
    @_spi(Engine) public let body: Body
    let operation: Operation?
    /// The signature in plain memory, for the check that nearly every call passes.
    let checks: UnsafeBufferPointer<Signature.Check>

    /// - Parameter signature: as in the language's documentation; nil passes the arguments as they are.
    @_spi(Engine) public init(_ name: String, _ signature: String?, arity: Int? = nil, operation: Operation? = nil, _ body: @escaping Body)
    {
        self.name = name
        // A malformed signature would be a mistake in this program, found by the tests that load every library.
        let parsed = signature.flatMap { try? Signature($0) }
        assert(signature == nil || parsed != nil, "signature of \(name)")
        self.signature = parsed
        isChecked = parsed != nil
        self.arity = arity ?? parsed?.parameters.count ?? 1
        self.body = body
        self.operation = operation
        let parameters = parsed?.parameters ?? []
        let checks = UnsafeMutableBufferPointer<Signature.Check>.allocate(capacity: parameters.count)
        for (at, parameter) in parameters.enumerated() { checks.initializeElement(at: at, to: .init(parameter)) }
        self.checks = UnsafeBufferPointer(checks)
    }

    deinit { checks.deallocate() }
}

/// The functions an expression can call by name, besides those it defines.
public struct FunctionLibrary: Sendable {
    private(set) var functions: [String: NativeFunction] = [:]

    /// The functions of the language.
    public static let standard = FunctionLibrary(Builtins.all)

    /// Of all functions, without the `$`.
    public var names: Set<String> { Set(functions.keys) }

    /// The function of that name, without the `$`.
    @_spi(Engine) public subscript(name: String) -> NativeFunction? { functions[name] }

    @_spi(Engine) public init(_ functions: [NativeFunction] = []) { add(functions) }

    @_spi(Engine) public mutating func add(_ function: NativeFunction) { functions[function.name] = function }

    @_spi(Engine) public mutating func add(_ functions: [NativeFunction]) {
        for function in functions { add(function) }
    }

    @_spi(Engine) public func adding(_ functions: [NativeFunction]) -> FunctionLibrary {
        var library = self
        library.add(functions)
        return library
    }

    /// Adds a function over friendly values: for hosts, where speed does not matter.
    ///
    /// - Parameters:
    ///   - name: without the `$`.
    ///   - signature: the language's notation, for example `<s-n?:s>`; nil leaves the arguments unchecked.
    ///   - body: gets nil for a missing argument; nil is undefined. A `JSONataError` it throws reaches the caller.
    public mutating func add(
        _ name: String, signature: String? = nil, _ body: @escaping @Sendable ([JSONValue?]) throws -> JSONValue?
    ) {
        add(
            NativeFunction(name, signature, arity: signature == nil ? 4 : nil) { context, arguments in
                var values: [JSONValue?] = []
                for at in 0..<arguments.count { values.append(try context.friendly(arguments[at])) }
                return try body(values).map { Value($0, in: context.arena) } ?? .undefined
            }
        )
    }
}
