import JSON
import JSONata
import Synchronization

/// What becomes of each parameter that a list's caller may give: the provider filters by it, the gateway does, or the call
/// is refused. None is ignored.
package struct ListFilters: Sendable {
    /// Parameters that the provider's calls or the mappings of its requests read, in the order of the model.
    package let provider: [String]
    /// What the gateway carries out by dropping records after mapping. One that the provider reads too narrows its list.
    package let gateway: [GatewayFilter]
    /// Declared by the model, and neither. Of a parameter with members, such as `emails[type]` and `created_at[lt]`, each is
    /// looked at by itself.
    package let unsupported: [String]

    /// What callers can filter by.
    package var supported: [String] { provider + gateway.map(\.name).filter { !provider.contains($0) } }

    /// `{provider: [name], gateway: [name]}`.
    var json: JSONValue {
        [
            "provider": .array(provider.map { .string($0) }), "gateway": .array(gateway.map { .string($0.name) }),
        ]
    }

    init(_ plan: MethodPlan) {
        let declared = plan.unifiedMethod.query
        let read = plan.parametersRead
        let schema = plan.schema
        gateway = plan.mapping.gatewayFilters.compactMap { name in
            declared.first { $0.name == name }.flatMap { GatewayFilter($0, schema) }
        }
        let own = Set(gateway.map(\.name))
        provider = declared.map(\.name).filter { read?.contains($0) ?? true }
        var unsupported: [String] = []
        for parameter in declared where !own.contains(parameter.name) {
            guard let read, !read.contains(parameter.name) else {
                let members = DateTimeParameters.bounds(of: parameter) ?? parameter.schema["properties"]?.object?.keys ?? []
                let known = plan.membersRead(of: parameter.name)
                unsupported += members.filter { known?.contains($0) == false }.map { "\(parameter.name)[\($0)]" }
                continue
            }
            unsupported.append(parameter.name)
        }
        self.unsupported = unsupported
    }

    /// The first of `unsupported` that a call gives.
    func unsupported(in scope: CallInput) -> String? {
        unsupported.first { name in
            guard let bracket = name.firstIndex(of: "[") else { return scope.given(name) != nil }
            let member = String(name[name.index(after: bracket)...].dropLast())
            return SharedParameter.isGiven(scope.given(String(name[..<bracket]))?[member])
        }
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

    /// The first filter of a call that the gateway alone carries out.
    package func gatewayFilter(in scope: CallInput) -> String? {
        guard let filters else { return nil }
        let scope = shared(scope)
        return filters.gateway.map(\.name).first { !filters.provider.contains($0) && scope.given($0) != nil }
    }

    /// Members of a parameter that what is sent depends on; nil: all of them.
    fileprivate func membersRead(of parameter: String) -> Set<String>? {
        var read: Set<String> = []
        for expression in expressionsBeforeSending {
            for root in ["query", "rawQuery", "params"] {
                guard let members = try? expression.expression().membersRead(of: root, in: parameter) else { return nil }
                read.formUnion(members)
            }
        }
        for placeholder in placeholdersBeforeSending {
            for root in ["query", "rawQuery", "params"] where placeholder.members(of: root)?.contains(parameter) ?? true {
                return nil
            }
        }
        return forwardsQuery ? nil : read
    }

    /// Parameters of the caller that what is sent depends on; nil: all of them, where that cannot be known.
    ///
    /// What only reads the response does not count: it fills records with what the caller gave, and narrows nothing.
    fileprivate var parametersRead: Set<String>? {
        if forwardsQuery { return nil }
        var read = Set(unifiedMethod.requires.flatMap(\.self)).union(mapping.sameForAny)
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
        return read
    }
}
