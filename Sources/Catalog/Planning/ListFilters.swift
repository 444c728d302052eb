import JSON
import JSONata
import Synchronization

/// What becomes of each parameter that a list's caller may give: the provider filters by it, the gateway does, or the call
/// is refused. None is ignored.
package struct ListFilters: Sendable {
    /// Parameters that the provider's calls or the mappings read, in the order of the model.
    package let provider: [String]
    /// What the gateway carries out by dropping records after mapping. One that the provider reads too narrows its list.
    package let gateway: [GatewayFilter]
    /// Declared by the model, and neither.
    package let unsupported: [String]

    /// What callers can filter by.
    package var supported: [String] { provider + gateway.map(\.name).filter { !provider.contains($0) } }

    init(_ plan: MethodPlan) {
        let declared = plan.unifiedMethod.query
        let read = plan.parametersRead
        let schema = plan.schema
        gateway = plan.mapping.gatewayFilters.compactMap { name in
            declared.first { $0.name == name }.flatMap { GatewayFilter($0, schema) }
        }
        let own = Set(gateway.map(\.name))
        provider = declared.map(\.name).filter { read?.contains($0) ?? true }
        unsupported = declared.map(\.name).filter { !(read?.contains($0) ?? true) && !own.contains($0) }
    }
}

extension MethodPlan {
    /// What becomes of a list's parameters; nil for other methods.
    package var filters: ListFilters? {
        guard unifiedMethod.response == .list else { return nil }
        return listFilters.withLock { known in
            if let known { return known }
            let fresh = ListFilters(self)
            known = fresh
            return fresh
        }
    }

    /// Parameters of the caller that anything in the definition reads; nil: all of them.
    fileprivate var parametersRead: Set<String>? {
        if forwardsQuery { return nil }
        var read = Set(unifiedMethod.requires.flatMap(\.self))
        for parameter in unifiedMethod.query where parameter.required || parameter.name.hasPrefix("remote_query") {
            read.insert(parameter.name)
        }
        func add(_ roots: [String], _ members: (String) -> Set<String>?) -> Bool {
            for root in roots {
                guard let names = members(root) else { return false }
                read.formUnion(names)
                // Any form of a shared parameter is that parameter.
                read.formUnion(unifiedMethod.params.filter { !names.isDisjoint(with: SharedParameter.members($0)) })
            }
            return true
        }
        for expression in expressionsBeforeSending {
            guard let compiled = try? expression.expression() else { return nil }
            guard add(["query", "rawQuery", "params"], compiled.membersRead(of:)) else { return nil }
        }
        for placeholder in placeholdersBeforeSending {
            guard add(["query", "rawQuery", "params"], placeholder.members(of:)) else { return nil }
        }
        // There `query` is what was sent to the provider.
        for expression in expressionsAfterSending {
            guard let compiled = try? expression.expression() else { return nil }
            guard add(["rawQuery", "params"], compiled.membersRead(of:)) else { return nil }
        }
        return read
    }

    private var expressionsAfterSending: [MappingExpression] {
        let calls = [mapping.steps] + mapping.sources.map(\.steps)
        return calls.flatMap { [$0.response, $0.error] }.compactMap(\.self)
            + [mapping.isPartial, accountResponseMapping].compactMap(\.self)
    }
}
