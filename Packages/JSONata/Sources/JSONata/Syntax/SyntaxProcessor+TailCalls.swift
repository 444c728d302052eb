/// Finding the calls that a function ends with, which do not make the stack deeper.
extension SyntaxProcessor {
    static func tailCalls(_ node: Syntax) -> Syntax {
        switch node.kind {
        case .function where node.predicates == nil && node.group == nil && !node.keepArray:
            let thunk = Syntax(.thunk, node.text, node.position)
            thunk.rhs = node
            return thunk
        case .condition where node.predicates == nil && node.group == nil && !node.keepArray:
            node.rhs = tailCalls(node.rhs!)
            for at in node.items.indices where at % 2 == 1 { node.items[at] = tailCalls(node.items[at]) }
            if let other = node.other { node.other = tailCalls(other) }
        case .block where node.predicates == nil && node.group == nil && !node.keepArray:
            if let last = node.items.indices.last { node.items[last] = tailCalls(node.items[last]) }
        default: break
        }
        return node
    }
}
