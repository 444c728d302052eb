@_spi(Engine) import JSON

/// `procedure(arguments)`.
final class CallNode: Node, @unchecked Sendable {
    let procedure: Node
    let arguments: [Node]
    /// What stands for the function in the text; nil where it is written in place.
    let name: String?
    let position: Int
    /// Where the function's name ends.
    let namePosition: Int?
    let keepArray: Bool
    /// For `name(…)` where `$name` was meant: tells whether there is such a variable.
    let intended: Node?

    init(
        _ procedure: Node, _ arguments: [Node], name: String?, position: Int, namePosition: Int?, keepArray: Bool,
        intended: Node?
    ) {
        self.procedure = procedure
        self.arguments = arguments
        self.name = name
        self.position = position
        self.namePosition = namePosition
        self.keepArray = keepArray
        self.intended = intended
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let function = try resolve(c, input, frame)
        let count = arguments.count
        let values = try c.push(count)
        for at in 0..<count { values[at] = try arguments[at].evaluate(c, input, frame) }
        let result: Value
        do {
            result = try c.call(function, values, count, input: input)
        } catch {
            throw located(error, function)
        }
        c.pop(count)
        c.leave()
        return result
    }

    func resolve(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        let function = try procedure.evaluate(c, input, frame)
        if function.isUndefined, let intended, !(try intended.evaluate(c, input, frame)).isUndefined {
            let name = name ?? ""
            throw JSONataError("T1005", "\(name) is not a function: $\(name) was meant", position: position, token: name)
        }
        return function
    }

    /// As in the reference, an error inside a function is told where the function was called, the outermost call being
    /// the last to tell, and by what the innermost names. A regular expression tells for itself.
    ///
    /// - Parameter function: what was called; nil where it is one of the library's.
    @inline(never) func located(_ error: any Error, _ function: Value? = nil) -> any Error {
        guard var error = error as? JSONataError else { return error }
        let tells = function.map { $0.isFunction && ![.regex, .matchNext].contains($0.function.pointee.kind) } ?? true
        if tells || error.position == nil { error.position = position }
        error.token = error.token ?? name
        return error
    }

    /// The same of a call in tail position, which is made outside of the function it stands in.
    func locatedTail(_ error: any Error) -> any Error {
        guard var error = error as? JSONataError else { return error }
        error.position = namePosition ?? error.position ?? position
        error.token = error.token ?? name
        return error
    }
}

/// A call of a function of the library that nothing in the expression shadows.
final class NativeCallNode: Node, @unchecked Sendable {
    let native: NativeFunction
    let arguments: [Node]
    private let references: Refs<Node>
    let position: Int
    let keepArray: Bool
    /// Stands for the function when the caller's bindings hold another of its name.
    let general: CallNode
    let global: Int
    init(_ native: NativeFunction, _ general: CallNode, global: Int) {
        self.native = native
        self.general = general
        self.global = global
        arguments = general.arguments
        references = Refs(general.arguments)
        position = general.position
        keepArray = general.keepArray
    }

    deinit { references.deallocate() }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        guard c.state.pointee.globals[global].head == Frame.unbound.head else {
            return try general.raw(c, input, frame)
        }
        try c.enter()
        let count = references.count
        let values = try c.push(count)
        for at in 0..<count { values[at] = try references.evaluate(at, c, input, frame) }
        let result: Value
        do {
            result = try c.call(native, values, count, input)
        } catch {
            throw general.located(error)
        }
        c.pop(count)
        c.leave()
        return result
    }
}

/// `f(a, ?)`: a function of the parameters that are still open.
final class PartialNode: Node, @unchecked Sendable {
    let call: CallNode
    /// nil where the parameter stays open.
    let bound: [Node?]

    init(_ call: CallNode, _ bound: [Node?]) {
        self.call = call
        self.bound = bound
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        var given: [Value] = []
        for node in bound { given.append(try node?.evaluate(c, input, frame) ?? Frame.unbound) }
        let function = try call.procedure.evaluate(c, input, frame)
        c.leave()
        if function.isUndefined, let intended = call.intended,
            !(try intended.evaluate(c, input, frame)).isUndefined
        {
            throw JSONataError(
                "T1007", "this is not a function: the variable of its name was meant", position: call.position,
                token: call.name
            )
        }
        guard function.isFunction else {
            throw JSONataError(
                "T1008", "only a function can be applied in part", position: call.position, token: call.name
            )
        }
        let count = c.parameters(of: function, given.count)
        let elements = c.arena.values(count)
        for at in 0..<count { elements[at] = at < given.count ? given[at] : .undefined }
        var box = FunctionBox(kind: .partial, object: function.function.pointee.object)
        box.first = function
        box.second = Value(array: elements, count: count)
        return c.make(box)
    }
}

/// `value ~> function`, where the right side is not itself a call.
final class ApplyNode: BinaryNode, @unchecked Sendable {
    let keepArray: Bool

    init(_ lhs: Node, _ rhs: Node, _ position: Int, keepArray: Bool) {
        self.keepArray = keepArray
        super.init(lhs, rhs, "~>", position)
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let left = try lhs.evaluate(c, input, frame)
        let right = try rhs.evaluate(c, input, frame)
        guard right.isFunction else {
            throw JSONataError(
                "T2006", "the right side of ~> must be a function", position: position, value: try c.friendly(right)
            )
        }
        let result: Value
        if left.isFunction {
            var box = FunctionBox(kind: .chain, object: left.function.pointee.object)
            box.first = left
            box.second = right
            result = c.make(box)
        } else {
            do {
                result = try c.call(right, left)
            } catch var error as JSONataError {
                // The function called has its own name, or none.
                error.position = error.position ?? position
                throw error
            }
        }
        c.leave()
        return c.unwrap(result, keepArray: keepArray)
    }
}
