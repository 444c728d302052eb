/// Whether an expression's value depends on the context value it is evaluated in.
enum ContextUse {
    /// False only where that is certain.
    static func uses(_ node: Syntax, _ library: FunctionLibrary) -> Bool {
        func any(_ nodes: [Syntax?]) -> Bool { nodes.contains { $0.map { uses($0, library) } ?? false } }
        switch node.kind {
        case .string, .number, .value, .regex, .operator: return false
        case .variable: return node.text.isEmpty
        case .path:
            // Later steps, and predicates, see what the steps before them gave.
            guard let first = node.items.first, !node.items.contains(where: { $0.tuple }) else { return true }
            return uses(first, library)
        case .unary:
            if node.text == "{" { return node.pairs.contains { uses($0, library) || uses($1, library) } }
            return any(node.items + [node.lhs])
        case .binary, .bind, .condition: return any([node.lhs, node.rhs, node.other] + node.items)
        case .block: return any(node.items)
        case .lambda: return any([node.rhs])
        case .thunk: return any([node.rhs])
        case .apply:
            guard let call = node.rhs, call.kind == .function else { return true }
            return any([node.lhs]) || usesInCall(call, given: 1, library)
        case .function: return usesInCall(node, given: 0, library)
        default: return true
        }
    }

    /// A call completes missing arguments from the context where the function's signature says so.
    private static func usesInCall(_ call: Syntax, given: Int, _ library: FunctionLibrary) -> Bool {
        guard let procedure = call.procedure, procedure.kind == .variable,
            let native = library.functions[procedure.text], native.name != "eval",
            FunctionLibrary.standard.functions[native.name] === native
        else { return true }
        if call.items.contains(where: { uses($0, library) }) { return true }
        guard let parameters = native.signature?.parameters, parameters.first?.context != nil else { return false }
        // With as many arguments as there are parameters none is missing, whatever their types.
        return call.items.count + given < parameters.count && !isSure(call, given, parameters)
    }

    /// Whether the missing arguments are optional ones at the end.
    private static func isSure(_ call: Syntax, _ given: Int, _ parameters: [Signature.Parameter]) -> Bool {
        // Only where every parameter behind the first is optional and of another type can the first argument not be
        // taken for a later one.
        guard call.items.count + given == 1, parameters.count <= 2 else { return false }
        guard parameters.count == 2 else { return true }
        return parameters[1].optional && parameters[0].types.contains(.any)
    }
}
