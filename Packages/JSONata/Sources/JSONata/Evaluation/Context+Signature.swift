@_spi(Engine) import JSON

/// Checking arguments against signatures.
extension Context {
    /// Whether the arguments are right as they are, each of its parameter's type.
    @inline(__always)
    func fits(_ native: NativeFunction, _ values: UnsafeMutablePointer<Value>, _ count: Int) -> Bool {
        let checks = native.checks
        guard count <= checks.count else { return false }
        for at in 0..<count {
            let type = Signature.Types.of(values[at])
            let check = checks[at]
            guard check.types & type.rawValue != 0 else { return false }
            if check.isArray, type != .missing {
                guard type == .array else { return false }
                if check.itemTypes != 0, !fits(check.itemTypes, values[at]) { return false }
            }
        }
        for at in count..<checks.count where !checks[at].mayBeAbsent { return false }
        return true
    }

    /// Whether all items are of one type, and that among `types`.
    private func fits(_ types: UInt16, _ list: Value) -> Bool {
        guard list.count > 0 else { return true }
        let first = Signature.Types.of(list.element(0))
        guard types & first.rawValue != 0 else { return false }
        for item in list.elements where Signature.Types.of(item) != first { return false }
        return true
    }

    /// Assigns the arguments to the parameters, fills in the context value, wraps single values for array parameters.
    ///
    /// - Returns: arguments that fit, in memory of the evaluation.
    /// - Throws: T0410, T0411 or T0412.
    @inline(never)
    func complete(
        _ signature: Signature, _ values: UnsafeMutablePointer<Value>, _ count: Int, _ input: Value
    ) throws -> (UnsafeMutablePointer<Value>, Int) {
        let parameters = signature.parameters
        var taken = [Int](repeating: 0, count: parameters.count)
        guard assign(parameters, 0, values, 0, count, &taken) else {
            throw try mismatch(parameters, values, count)
        }
        let completed = arena.values(parameters.count + count)
        var number = 0
        var next = 0
        // The argument a parameter was matched to. `next` may run ahead of it, see below.
        var matched = 0
        for (at, parameter) in parameters.enumerated() {
            if taken[at] == 0 {
                if let types = parameter.context {
                    let context = input.isArray && input.has(Value.Flag.outer) ? input.element(0) : input
                    guard types.contains(.of(context)) else {
                        throw JSONataError(
                            "T0411", "the context value does not fit argument \(next + 1)",
                            value: try friendly(context), index: next + 1
                        )
                    }
                    completed[number] = context
                } else {
                    // As in the reference, an optional parameter that matched nothing takes the next argument with it.
                    completed[number] = next < count ? values[next] : .undefined
                    next += 1
                }
                number += 1
                continue
            }
            for _ in 0..<taken[at] {
                var value = next < count ? values[next] : .undefined
                if parameter.isArray {
                    let type = Signature.Types.of(values[matched])
                    if type == .missing {
                        value = .undefined
                    } else {
                        try checkItems(parameter, value, type, next)
                        if type != .array { value = sequence(of: value).without(Value.Flag.all) }
                    }
                }
                matched += 1
                completed[number] = value
                number += 1
                next += 1
            }
        }
        return (completed, number)
    }

    /// Greedy, going back where that fails, as a regular expression over type letters would. Without `whole` arguments may
    /// be left over.
    private func assign(
        _ parameters: [Signature.Parameter], _ at: Int, _ values: UnsafeMutablePointer<Value>, _ from: Int,
        _ count: Int, _ taken: inout [Int], whole: Bool = true
    ) -> Bool {
        if at == parameters.count { return !whole || from == count }
        let parameter = parameters[at]
        var possible = 0
        let most = parameter.repeats ? count - from : min(1, count - from)
        while possible < most, parameter.types.contains(.of(values[from + possible])) { possible += 1 }
        let least = parameter.optional ? 0 : 1
        while possible >= least {
            taken[at] = possible
            if assign(parameters, at + 1, values, from + possible, count, &taken, whole: whole) { return true }
            possible -= 1
        }
        return false
    }

    private func mismatch(
        _ parameters: [Signature.Parameter], _ values: UnsafeMutablePointer<Value>, _ count: Int
    ) throws -> JSONataError {
        // The first argument that no longer fits when parameters are added one by one.
        var good = 0
        for end in 1..<(parameters.count + 1) {
            var taken = [Int](repeating: 0, count: end)
            guard assign(Array(parameters[..<end]), 0, values, 0, count, &taken, whole: false) else { break }
            good = taken.reduce(0, +)
        }
        return JSONataError(
            "T0410", "argument \(good + 1) does not fit the function's signature",
            value: good < count ? try friendly(values[good]) : nil, index: good + 1
        )
    }

    private func checkItems(
        _ parameter: Signature.Parameter, _ value: Value, _ type: Signature.Types, _ index: Int
    ) throws {
        guard let types = parameter.itemTypes else { return }
        var fits = true
        if type != .array {
            // A single value stands for a list of it where the signature says no more of the items than their type.
            fits = types == type && parameter.itemText.utf8.count == 1
        } else if value.isArray, value.count > 0 {
            fits = value.elements.allSatisfy { types == Signature.Types.of($0) }
        }
        if !fits {
            throw JSONataError(
                "T0412", "argument \(index + 1) must be an array of \(parameter.itemText)",
                value: try friendly(value), index: index + 1
            )
        }
    }
}
