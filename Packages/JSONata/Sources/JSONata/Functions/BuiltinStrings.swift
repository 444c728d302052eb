@_spi(Engine) import JSON

extension Builtins {
    static let strings: [NativeFunction] = [
        NativeFunction("string", "<x-b?:s>", arity: 1) { c, a in
            try c.stringify(a[0], pretty: try c.truth(a[1]))
        },
        NativeFunction("length", "<s-:n>") { _, a in
            a[0].isUndefined ? .undefined : Value(Double(CodePoints.count(a[0])))
        },
        NativeFunction("substring", "<s-nn?:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            if a[1].isUndefined { return a[2].isUndefined ? a[0] : c.string("") }
            return try CodePoints.substring(c, a[0], a[1].double, a[2].isUndefined ? nil : a[2].double)
        },
        NativeFunction("substringBefore", "<s-s:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            if a[1].isUndefined { return a[0] }
            let (text, mark, isApart) = ByteText.apart(c, a[0], a[1])
            guard let at = ByteText.find(mark, in: text, from: 0) else { return a[0] }
            let part = c.slice(text, 0, at)
            return isApart ? ByteText.joined(c, part) : part
        },
        NativeFunction("substringAfter", "<s-s:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            if a[1].isUndefined { return a[0] }
            let (text, mark, isApart) = ByteText.apart(c, a[0], a[1])
            guard let at = ByteText.find(mark, in: text, from: 0) else { return a[0] }
            let part = c.slice(text, at + mark.count, text.count)
            return isApart ? ByteText.joined(c, part) : part
        },
        NativeFunction("lowercase", "<s-:s>") { c, a in
            a[0].isUndefined ? .undefined : try CaseMapping.lowercase(c, a[0])
        },
        NativeFunction("uppercase", "<s-:s>") { c, a in
            a[0].isUndefined ? .undefined : try CaseMapping.uppercase(c, a[0])
        },
        NativeFunction("trim", "<s-:s>") { c, a in a[0].isUndefined ? .undefined : try ByteText.trim(c, a[0]) },
        NativeFunction("pad", "<s-ns?:s>") { c, a in try CodePoints.pad(c, a[0], a[1], a[2]) },
        NativeFunction("join", "<a<s>s?:s>") { c, a in
            if a[0].isUndefined { return .undefined }
            let items = a[0].elements
            let separator = a[1].isUndefined ? c.string("") : a[1]
            if items.count == 1 { return items[0] }
            var total = 0
            for item in items { total += item.count + separator.count }
            // Items that end in half a character join it with the next.
            if items.contains(where: { !$0.has(Value.Flag.clean) }) || !separator.has(Value.Flag.clean) {
                var result = c.string("")
                try c.reserve(total * min(items.count, 64))
                for (at, item) in items.enumerated() {
                    if at > 0 { result = try c.join(result, separator) }
                    result = try c.join(result, item)
                }
                return result
            }
            try c.reserve(total)
            let bytes = c.arena.allocate(max(total, 1)).assumingMemoryBound(to: UInt8.self)
            var count = 0
            var flags = Value.Flag.clean | separator.head & Value.Flag.ascii
            if items.count < 2 { flags = Value.Flag.clean | Value.Flag.ascii }
            for (at, item) in items.enumerated() {
                if at > 0 {
                    (bytes + count).update(from: separator.utf8, count: separator.count)
                    count += separator.count
                }
                (bytes + count).update(from: item.utf8, count: item.count)
                count += item.count
                if !item.has(Value.Flag.ascii) { flags &= ~Value.Flag.ascii }
            }
            return Value(string: bytes, count: count, flags: flags)
        },
    ]
}
