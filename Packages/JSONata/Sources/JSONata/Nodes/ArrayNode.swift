@_spi(Engine) import JSON

/// `[ … ]`.
final class ArrayNode: Node, @unchecked Sendable {
    struct Item {
        let node: Node
        /// An array constructor inside an array constructor stays an array; all else is flattened into it.
        let isArray: Bool
    }

    let items: [Item]
    let flags: UInt64
    let keepArray: Bool

    init(_ items: [Item], constructed: Bool, keepArray: Bool) {
        self.items = items
        flags = constructed ? Value.Flag.constructed : 0
        self.keepArray = keepArray
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        var builder = ValueBuilder()
        for item in items {
            let value = try item.node.evaluate(c, input, frame)
            if value.isUndefined { continue }
            if value.isArray, !item.isArray {
                if items.count == 1 {
                    c.leave()
                    return Value(head: value.head & ~Value.Flag.all | flags, word: value.word)
                }
                try c.reserve(value.count * 16)
                builder.append(contentsOf: value.elements, in: c.arena)
            } else {
                builder.append(value, in: c.arena)
            }
        }
        c.leave()
        try c.checkSequence(builder.count)
        return builder.array(flags)
    }
}
