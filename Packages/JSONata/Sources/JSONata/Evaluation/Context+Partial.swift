@_spi(Engine) import JSON

/// Partial application, as the reference has it: the arguments given are bound when the function is made, the open ones
/// are filled in order, and the call that comes of it is checked against no signature. Nothing is taken from the context,
/// single values are not made arrays.
extension Context {
    /// How many arguments a partial application of `function` is about, of the `count` written; those behind are dropped.
    func parameters(of function: Value, _ count: Int) -> Int {
        let box = function.function
        switch box.pointee.kind {
        case .lambda, .partial, .chain, .transform, .regex: return arity(function)
        case .native:
            let native = Unmanaged<NativeFunction>.fromOpaque(box.pointee.object)
            return native._withUnsafeGuaranteedRef { native in
                guard let parameters = native.signature?.parameters, !parameters.contains(where: \.repeats) else {
                    return count
                }
                return parameters.count
            }
        case .matchNext, .bound: return count
        }
    }

    func callPartial(
        _ box: UnsafeMutablePointer<FunctionBox>, _ values: UnsafeMutablePointer<Value>, _ count: Int
    ) throws -> Value {
        try checkStack()
        let bound = box.pointee.second.elements
        let all = try push(bound.count)
        var next = 0
        for at in bound.indices {
            if bound[at].head == Frame.unbound.head {
                all[at] = next < count ? values[next] : .undefined
                next += 1
            } else {
                all[at] = bound[at]
            }
        }
        let result = try callUnchecked(box.pointee.first, all, bound.count)
        pop(bound.count)
        return result
    }

    private func callUnchecked(
        _ function: Value, _ values: UnsafeMutablePointer<Value>, _ count: Int
    ) throws -> Value {
        let box = function.function
        switch box.pointee.kind {
        case .lambda:
            let result = try Unmanaged<LambdaNode>.fromOpaque(box.pointee.object)._withUnsafeGuaranteedRef { lambda in
                try call(lambda, box, values, count)
            }
            return result.head == ThunkNode.mark.head ? try bounce(result, input: .null) : result
        case .native:
            return try Unmanaged<NativeFunction>.fromOpaque(box.pointee.object)._withUnsafeGuaranteedRef { native in
                if native.isChecked, !fits(native, values, count) {
                    if native.name == "count", !values[0].isArray, !values[0].isUndefined {
                        return values[0].isString ? Value(Double(try Matching.units(self, values[0]).count)) : .undefined
                    }
                    for at in 0..<count { values[at] = try Loosely.argument(self, native, at, values[at]) }
                }
                return try native.body(self, Arguments(base: values, count: count, input: .undefined))
            }
        default: return try call(function, values, count, input: .null)
        }
    }
}

/// What an argument of the wrong type is to a library function that nobody checked it for, in JavaScript. Where that
/// would be an error without a code, it is the signature's.
private enum Loosely {
    /// Functions that look at an array's items one by one, and find none in anything else.
    private static let iterating: Set<String> = ["map", "filter", "single", "reduce"]

    static func argument(_ c: Context, _ native: NativeFunction, _ at: Int, _ value: Value) throws -> Value {
        guard let parameters = native.signature?.parameters, at < parameters.count, !value.isUndefined else { return value }
        let parameter = parameters[at]
        if parameter.isArray {
            if value.isArray { return try items(c, parameter, value, at) }
            if iterating.contains(native.name) { return value.isString ? try Matching.units(c, value) : .emptyArray }
            throw mismatch(try c.friendly(value), at)
        }
        if parameter.types.contains(.of(value)) { return value }
        switch parameter.types {
        case [.number, .missing]: return Value(try c.scriptNumber(value))
        case [.boolean, .missing]: return Value(c.scriptTruth(value))
        // A loop over the members of what has none.
        case [.object, .missing] where native.name == "each" || native.name == "sift": return .undefined
        case [.string, .number, .boolean, .missing] where native.name == "number": return value
        default: throw mismatch(try c.friendly(value), at)
        }
    }

    private static func items(
        _ c: Context, _ parameter: Signature.Parameter, _ list: Value, _ at: Int
    ) throws -> Value {
        guard let types = parameter.itemTypes, !list.elements.allSatisfy({ types == Signature.Types.of($0) }) else {
            return list
        }
        guard types == .string else {
            throw JSONataError(
                "T0412", "argument \(at + 1) must be an array of \(parameter.itemText)", value: try c.friendly(list),
                index: at + 1
            )
        }
        return c.array(
            try list.elements.map { item in
                item.isUndefined || item.tag == .null ? c.string("") : try c.scriptText(item)
            })
    }

    private static func mismatch(_ value: JSONValue?, _ at: Int) -> JSONataError {
        JSONataError("T0410", "argument \(at + 1) does not fit the function", value: value, index: at + 1)
    }
}
