@_spi(Engine) import JSON

extension Builtins {
    static let higherOrder: [NativeFunction] = [
        NativeFunction("map", "<af>", operation: .map) { c, a in
            if a[0].isUndefined { return .undefined }
            var builder = ValueBuilder(capacity: a[0].count, in: c.arena)
            try c.checkSequence(a[0].count)
            for (at, item) in a[0].elements.enumerated() {
                let value = try c.call(a[1], upTo: [item, Value(Double(at)), a[0]])
                if !value.isUndefined { builder.append(value, in: c.arena) }
            }
            return builder.array(Value.Flag.sequence)
        },
        NativeFunction("filter", "<af>", operation: .filter) { c, a in
            if a[0].isUndefined { return .undefined }
            var builder = ValueBuilder()
            for (at, item) in a[0].elements.enumerated() {
                if try c.truth(try c.call(a[1], upTo: [item, Value(Double(at)), a[0]])) {
                    builder.append(item, in: c.arena)
                }
            }
            return builder.array(Value.Flag.sequence)
        },
        NativeFunction("single", "<af?>") { c, a in
            if a[0].isUndefined { return .undefined }
            var found: Value?
            for (at, item) in a[0].elements.enumerated() {
                if !a[1].isUndefined, !(try c.truth(try c.call(a[1], upTo: [item, Value(Double(at)), a[0]]))) {
                    continue
                }
                guard found == nil else {
                    throw JSONataError("D3138", "$single expects one match but there are more", index: at)
                }
                found = item
            }
            guard let found else { throw JSONataError("D3139", "$single expects one match but there is none") }
            return found
        },
        NativeFunction("reduce", "<afj?:j>") { c, a in
            if a[0].isUndefined { return .undefined }
            let arity = c.arity(a[1])
            guard arity >= 2 else {
                throw JSONataError("D3050", "the function given to $reduce must take two arguments", index: 1)
            }
            var result = a[2]
            var at = 0
            if result.isUndefined, a[0].count > 0 {
                result = a[0].element(0)
                at = 1
            }
            while at < a[0].count {
                result =
                    arity == 2
                    ? try c.call(a[1], result, a[0].element(at))
                    : try c.call(a[1], upTo: [result, a[0].element(at), Value(Double(at)), a[0]])
                at += 1
            }
            return result
        },
        NativeFunction("each", "<o-f:a>", operation: .each) { c, a in
            guard a[0].isObject else { return Value.emptyArray.with(Value.Flag.sequence) }
            var builder = ValueBuilder()
            for member in a[0].members {
                let value = try c.call(a[1], upTo: [member.value, member.key, a[0]])
                if !value.isUndefined { builder.append(value, in: c.arena) }
            }
            return builder.array(Value.Flag.sequence)
        },
        NativeFunction("sift", "<o-f?:o>", operation: .sift) { c, a in
            guard a[0].isObject else { return .undefined }
            var object = ObjectBuilder(capacity: a[0].count, in: c.arena)
            for member in a[0].members {
                if try c.truth(try c.call(a[1], upTo: [member.value, member.key, a[0]])) {
                    object.add(member.key, member.value, in: c.arena)
                }
            }
            return object.count == 0 ? .undefined : object.object(in: c.arena)
        },
    ]
}
