@_spi(Engine) public import JSON

/// Calling functions.
extension Context {
    /// Calls `function` with one to three arguments: what functions that take functions use. There is no context then.
    @_spi(Engine) public func call(_ function: Value, _ a: Value) throws -> Value {
        let values = try push(1)
        values[0] = a
        return try applied(function, values, 1)
    }

    @_spi(Engine) public func call(_ function: Value, _ a: Value, _ b: Value) throws -> Value {
        let values = try push(2)
        values[0] = a
        values[1] = b
        return try applied(function, values, 2)
    }

    /// As a higher-order function calls: with as many of the arguments as the function takes.
    @_spi(Engine) public func call(_ function: Value, upTo arguments: [Value]) throws -> Value {
        let count = min(max(arity(function), 1), arguments.count)
        let values = try push(count)
        for at in 0..<count { values[at] = arguments[at] }
        return try applied(function, values, count)
    }

    private func applied(_ function: Value, _ values: UnsafeMutablePointer<Value>, _ count: Int) throws -> Value {
        do {
            let result = try call(function, values, count, input: contextOfArgument(function))
            pop(count)
            // What a function of the expression gives is complete; a list of one that a built-in gives stays a list.
            return result
        } catch var error as JSONataError {
            // No name in the text stands for this call.
            if error.token == nil, function.isFunction, function.function.pointee.kind == .native {
                error.token = Unmanaged<NativeFunction>.fromOpaque(function.function.pointee.object)
                    ._withUnsafeGuaranteedRef { $0.name }
            }
            throw error
        }
    }

    /// The context value of a function that a built-in calls. As in the reference there is none, unless the built-in was
    /// itself called in tail position: then it is the one that the function was written in.
    private func contextOfArgument(_ function: Value) -> Value {
        guard function.isFunction, function.function.pointee.kind == .lambda,
            function.function.pointee.number == FunctionBox.keepsContext
        else { return .null }
        return function.function.pointee.first
    }

    /// How many arguments a function takes.
    @_spi(Engine) public func arity(_ function: Value) -> Int {
        guard function.isFunction else { return 0 }
        let box = function.function
        switch box.pointee.kind {
        case .lambda:
            return Unmanaged<LambdaNode>.fromOpaque(box.pointee.object)._withUnsafeGuaranteedRef { $0.parameters }
        case .native:
            return Unmanaged<NativeFunction>.fromOpaque(box.pointee.object)._withUnsafeGuaranteedRef { $0.arity }
        case .partial: return box.pointee.second.elements.count { $0.head == Frame.unbound.head }
        case .regex: return 2
        case .chain, .transform: return 1
        case .matchNext, .bound: return 0
        }
    }

    /// Calls any value; `count` arguments start at `values`.
    func call(_ function: Value, _ values: UnsafeMutablePointer<Value>, _ count: Int, input: Value) throws -> Value {
        let result = try callOnce(function, values, count, input)
        return result.head == ThunkNode.mark.head ? try bounce(result, input: input) : result
    }

    /// Makes the calls that tail calls left over, one after the other.
    @inline(never) func bounce(_ first: Value, input: Value) throws -> Value {
        var result = first
        while result.head == ThunkNode.mark.head {
            try tick()
            guard let call = state.pointee.thunk.call else { break }
            let frame = state.pointee.thunk.frame, context = state.pointee.thunk.input
            let outer = state.pointee.thunk.outer
            result = try call._withUnsafeGuaranteedRef { call in
                try enter()
                let function = try call.resolve(self, context, frame)
                let count = call.arguments.count
                let values = try push(count)
                let isNative = function.isFunction && function.function.pointee.kind == .native
                for at in 0..<count {
                    var value = try call.arguments[at].evaluate(self, context, frame)
                    if isNative, value.isFunction, value.function.pointee.kind == .lambda {
                        var box = value.function.pointee
                        box.number = FunctionBox.keepsContext
                        value = make(box)
                    }
                    values[at] = value
                }
                let next: Value
                do {
                    next = try callOnce(function, values, count, input)
                } catch {
                    throw call.locatedTail(error)
                }
                pop(count)
                leave()
                return next
            }
            release(frame, upTo: outer)
        }
        return result
    }

    private func release(_ frame: Frame, upTo outer: Frame) {
        var frame = frame
        while let address = frame.address, address != outer.address {
            let parent = frame.parent
            release(frame)
            frame = parent
        }
    }

    private func callOnce(
        _ function: Value, _ values: UnsafeMutablePointer<Value>, _ count: Int, _ input: Value
    ) throws -> Value {
        guard function.isFunction else {
            throw JSONataError("T1006", "this is not a function")
        }
        let box = function.function
        switch box.pointee.kind {
        case .lambda:
            return try Unmanaged<LambdaNode>.fromOpaque(box.pointee.object)._withUnsafeGuaranteedRef { lambda in
                var (values, count) = (values, count)
                if let signature = lambda.signature {
                    (values, count) = try complete(signature, values, count, input)
                }
                return try call(lambda, box, values, count)
            }
        case .native:
            return try Unmanaged<NativeFunction>.fromOpaque(box.pointee.object)._withUnsafeGuaranteedRef { native in
                try call(native, values, count, input)
            }
        case .partial: return try callPartial(box, values, count)
        case .chain:
            try checkStack()
            let between = unwrap(try call(box.pointee.first, count > 0 ? values[0] : .undefined))
            let next = try push(1)
            next[0] = between
            let result = try call(box.pointee.second, next, 1, input: input)
            pop(1)
            return result
        case .transform:
            return try Unmanaged<TransformNode>.fromOpaque(box.pointee.object)._withUnsafeGuaranteedRef { transform in
                let target = count > 0 ? values[0] : .undefined
                guard count == 1, target.isUndefined || target.isObject || target.isArray else {
                    let index = count > 0 && (target.isUndefined || target.isObject || target.isArray) ? 2 : 1
                    throw JSONataError("T0410", "a transform takes one object or array", index: index)
                }
                return try transform.apply(self, target, box.pointee.frame)
            }
        case .regex: return try callRegex(box, count > 0 ? values[0] : .undefined, count > 1 ? values[1] : .undefined)
        case .matchNext: return try callMatchNext(box)
        case .bound: return .undefined
        }
    }

    /// Calls a function of the expression with arguments that fit.
    func call(
        _ lambda: LambdaNode, _ box: UnsafeMutablePointer<FunctionBox>, _ values: UnsafeMutablePointer<Value>,
        _ count: Int
    ) throws -> Value {
        guard lambda.slots > 0 else {
            let result = try lambda.body.evaluate(self, box.pointee.first, box.pointee.frame)
            if result.head == ThunkNode.mark.head { state.pointee.thunk.outer = box.pointee.frame }
            return result
        }
        let frame = frame(slots: lambda.slots, parent: box.pointee.frame)
        for at in 0..<lambda.parameters { frame[at] = at < count ? values[at] : .undefined }
        let result = try lambda.body.evaluate(self, box.pointee.first, frame)
        if result.head == ThunkNode.mark.head {
            state.pointee.thunk.outer = box.pointee.frame
        } else {
            release(frame)
        }
        return result
    }

    /// Calls a function of the library once its arguments fit.
    @inline(__always)
    func call(
        _ native: NativeFunction, _ values: UnsafeMutablePointer<Value>, _ count: Int, _ input: Value
    ) throws -> Value {
        // Nearly every function takes time by the size of its arguments.
        var size: UInt64 = 0
        for at in 0..<count { size |= values[at].head }
        // Sizes are in the upper half; this is at least the largest of them, and less than twice as much.
        if size > 4096 << 32 { try work(Int(size >> 32)) }
        if !native.isChecked || fits(native, values, count) {
            return try native.body(self, Arguments(base: values, count: count, input: input))
        }
        return try callCompleted(native, values, count, input)
    }

    @inline(never)
    private func callCompleted(
        _ native: NativeFunction, _ values: UnsafeMutablePointer<Value>, _ count: Int, _ input: Value
    ) throws -> Value {
        guard let signature = native.signature else { return .undefined }
        let (completed, number) = try complete(signature, values, count, input)
        return try native.body(self, Arguments(base: completed, count: number, input: input))
    }
}
