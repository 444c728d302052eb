@_spi(Engine) import JSON

extension Context {
    /// Evaluates `expression` and hands the result to `use`, on a larger stack where this thread's is too small.
    func run<Result>(
        _ expression: Expression, _ input: Value, _ bindings: [(name: String, value: Value)],
        _ limits: EvaluationLimits, _ budget: EvaluationBudget?, _ use: (Value) throws -> Result
    ) throws(JSONataError) -> Result {
        // The context belongs to this call; the other thread uses it while this one waits.
        nonisolated(unsafe) let use = use
        nonisolated(unsafe) let state = self.state
        return try DeepStack.run { () throws -> Result in
            let context = Context(sharing: state)
            context.prepare(expression, input, bindings)
            context.start(limits, budget)
            defer { context.endMetering() }
            try budget?.check()
            var start = input
            if input.isArray, !input.isSequence { start = context.sequence(of: input).with(Value.Flag.outer) }
            var result = try expression.program.root.evaluate(context, start, .none)
            if result.isArray, result.has(Value.Flag.outer) { result = result.element(0) }
            if result.isArray, result.has(Value.Flag.tuples) {
                var builder = ValueBuilder(capacity: result.count, in: context.arena)
                for tuple in result.elements { builder.append(Tuple.context(of: tuple), in: context.arena) }
                result = context.unwrap(builder.array(Value.Flag.sequence))
            }
            let used = try use(result)
            context.endMetering()
            // Passing the limit at the very end is this expression's fault, and not of what comes next.
            try budget?.check()
            return used
        }
    }

    init(sharing state: UnsafeMutablePointer<State>) { self.state = state }

    private func prepare(_ expression: Expression, _ input: Value, _ bindings: [(name: String, value: Value)]) {
        let program = expression.program
        state.pointee.functions = expression.library
        state.pointee.root = input
        state.pointee.bindings = bindings
        if state.pointee.hintCount < program.hints {
            state.pointee.hints.deallocate()
            state.pointee.hints = .allocate(capacity: program.hints)
            state.pointee.hints.initialize(repeating: 0, count: program.hints)
            state.pointee.hintCount = program.hints
        }
        if state.pointee.globalCount < program.globals.count {
            state.pointee.globals.deallocate()
            state.pointee.globals = .allocate(capacity: program.globals.count)
        }
        state.pointee.globals.initialize(repeating: Frame.unbound, count: program.globals.count)
        state.pointee.globalCount = program.globals.count
        state.pointee.globalNames = program.globals
        if !bindings.isEmpty {
            for (at, name) in program.globals.enumerated() {
                for binding in bindings where binding.name == name { state.pointee.globals[at] = binding.value }
            }
        }
    }
}
