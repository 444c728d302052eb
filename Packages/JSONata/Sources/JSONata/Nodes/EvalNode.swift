@_spi(Engine) import JSON

/// `$eval(…)` called by its name: the evaluated text sees the variables in scope.
final class EvalNode: Node, @unchecked Sendable {
    let call: CallNode
    let scope: Scope?
    /// Names that steps around the call bind.
    let tupleNames: Set<String>

    init(_ call: CallNode, scope: Scope?, tupleNames: Set<String>) {
        self.call = call
        self.scope = scope
        self.tupleNames = tupleNames
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: call.keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        guard call.arguments.count == 1 || call.arguments.count == 2 else { return try call.raw(c, input, frame) }
        try c.enter()
        let text = try call.arguments[0].evaluate(c, input, frame)
        var context = input
        if call.arguments.count == 2 {
            let given = try call.arguments[1].evaluate(c, input, frame)
            if !given.isUndefined { context = given }
        }
        guard text.isString || text.isUndefined else { return try call.raw(c, input, frame) }
        let result: Value
        do {
            result = try c.evaluateText(text, context, scope: scope, tupleNames, frame: frame)
        } catch {
            throw call.located(error)
        }
        c.leave()
        return result
    }
}

extension Context {
    /// Compiles and evaluates an expression that is data.
    func evaluateText(
        _ text: Value, _ input: Value, scope: Scope?, _ tupleNames: Set<String> = [], frame: Frame
    ) throws -> Value {
        if text.isUndefined { return .undefined }
        let program: Program
        // Slots mean something else in every scope, so only programs without one are kept by their text.
        if scope == nil, let known = state.pointee.programs[text.text] {
            program = known
        } else {
            do {
                let tree = try SyntaxProcessor.process(try Parser.parse(Source(wtf8: text.bytes)))
                program = try Compiler.compile(
                    tree, library: state.pointee.functions, scope: scope, tupleNames: tupleNames, hints: state.pointee.hintCount,
                    globals: state.pointee.globalNames
                )
            } catch let error as JSONataError {
                throw JSONataError(
                    "D3120", "the text for $eval is not an expression: \(error.message)", value: .string(error.code)
                )
            }
            retain(program)
            if scope == nil { state.pointee.programs[text.text] = program }
            provide(program)
        }
        var context = input
        if input.isArray, !input.isSequence { context = sequence(of: input).with(Value.Flag.outer) }
        do {
            return try program.root.evaluate(self, context, frame)
        } catch var error as JSONataError {
            if EvaluationLimits.codes.contains(error.code) { throw error }
            error = JSONataError(
                "D3121", "the expression given to $eval failed: \(error.message)", value: .string(error.code)
            )
            throw error
        }
    }

    /// Makes room for the look-up sites and globals of a program.
    func provide(_ program: Program) {
        let hints = UnsafeMutablePointer<Int32>.allocate(capacity: max(program.hints, 1))
        hints.initialize(repeating: 0, count: max(program.hints, 1))
        hints.update(from: state.pointee.hints, count: min(state.pointee.hintCount, program.hints))
        state.pointee.hints.deallocate()
        state.pointee.hints = hints
        state.pointee.hintCount = program.hints
        let known = state.pointee.globalCount
        let globals = UnsafeMutablePointer<Value>.allocate(capacity: max(program.globals.count, 1))
        globals.initialize(repeating: Frame.unbound, count: max(program.globals.count, 1))
        globals.update(from: state.pointee.globals, count: min(known, program.globals.count))
        for at in known..<max(known, program.globals.count) {
            for binding in state.pointee.bindings where binding.name == program.globals[at] {
                globals[at] = binding.value
            }
        }
        state.pointee.globals.deallocate()
        state.pointee.globals = globals
        state.pointee.globalCount = program.globals.count
        state.pointee.globalNames = program.globals
    }
}
