@_spi(Engine) import JSON

/// Arrays, objects, and the minus sign, which the syntax tree has beside them.
extension Compiler {
    mutating func unary(_ node: Syntax) throws -> Node {
        switch node.text {
        case "[":
            var items: [ArrayNode.Item] = []
            var bindings: [HeldBinding] = []
            for item in node.items {
                let part = try sibling(item, of: node.items.count, &bindings)
                items.append(.init(node: part, isArray: item.kind == .unary && item.text == "["))
            }
            let array = ArrayNode(items, constructed: node.constructsArray, keepArray: node.keepArray)
            return bindings.isEmpty ? array : ConstructorNode(array, bindings)
        case "{":
            var pairs: [GroupNode.Pair] = []
            var bindings: [HeldBinding] = []
            for (key, value) in node.pairs {
                let key = try compile(key)
                pairs.append(.init(key: key, value: try sibling(value, of: node.pairs.count, &bindings)))
            }
            let object = groupNode(pairs, Syntax.Group(pairs: node.pairs, position: node.position), inTuple: false)
            return bindings.isEmpty ? object : ConstructorNode(object, bindings)
        default: return NegationNode(try compile(node.lhs!), node.position)
        }
    }

    /// One of the `count` items of a constructor.
    mutating func sibling(_ item: Syntax, of count: Int, _ bindings: inout [HeldBinding]) throws -> Node {
        let node = try compile(item)
        guard count > 1 else { return node }
        var own: [HeldBinding] = []
        SyntaxWalk.bindings(item) { name in
            if let binding = scope?.heldBinding(of: name) { own.append(binding) }
        }
        guard !own.isEmpty else { return node }
        bindings += own
        return SiblingNode(node, own)
    }
}
