@_spi(Engine) import JSON

/// Variables, and what opens a scope for them.
extension Compiler {
    mutating func variable(_ node: Syntax) -> Node {
        if node.text.isEmpty { return ContextNode(keepArray: node.keepArray) }
        let places = scope?.places(of: node.text, tupleNames: tupleNames) ?? []
        // Nearly always: an expression may have a `$$` of its own.
        if node.text == "$", places.isEmpty { return RootNode() }
        if let only = places.first, only.certain, case .slot(let slot) = only.kind {
            return SlotNode(hops: only.hops, slot: slot, keepArray: node.keepArray)
        }
        return VariableNode(
            constant(node.bytes), places, global: global(node.text), native: library.functions[node.text],
            keepArray: node.keepArray, isRoot: node.text == "$"
        )
    }

    mutating func block(_ node: Syntax) throws -> Node {
        let inner = Scope(.slots, parent: scope)
        for item in node.items { SyntaxWalk.bindings(item) { inner.declare($0) } }
        func items(_ compiler: inout Compiler) throws -> [Node] { try node.items.map { try compiler.compile($0) } }
        guard inner.slots > 0 else { return BlockNode(try items(&self), keepArray: node.keepArray) }
        let block = BlockNode(try inScope(inner, items), keepArray: node.keepArray)
        block.slots = inner.slots
        return block
    }

    mutating func lambda(_ node: Syntax) throws -> LambdaNode {
        let lambda = LambdaNode(parameters: node.items.count, signature: node.signature)
        let inner = Scope(.slots, parent: scope)
        for parameter in node.items { inner.declare(parameter.text, certain: true) }
        SyntaxWalk.bindings(node.rhs!) { inner.declare($0) }
        if inner.slots > 0 {
            lambda.body = try inScope(inner) { try $0.compile(node.rhs!) }
        } else {
            lambda.body = try compile(node.rhs!)
        }
        lambda.slots = inner.slots
        return lambda
    }
}
