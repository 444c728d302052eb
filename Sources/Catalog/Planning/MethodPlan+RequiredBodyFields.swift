import JSONata
import Synchronization

/// What `bodyMembersRead` found; nil members: all of them.
struct RequiredBodyFields {
    let members: Set<String>?
}

extension MethodPlan {
    /// Members of the caller's body that must be known before the provider request can begin.
    ///
    /// A form may carry them after its file; the file may then only stream once all of them have been read. What only the
    /// response mapping reads does not count: by then the whole form is known.
    ///
    /// - Returns: nil where they cannot be known, or where the body is forwarded whole.
    package var bodyMembersRead: Set<String>? {
        bodyReads.withLock { known in
            if let known { return known.members }
            let fresh = RequiredBodyFields(members: findBodyMembersRead())
            known = fresh
            return fresh.members
        }
    }

    /// Whether what is sent says the file's size, which must then be known before anything is.
    package var readsFileSize: Bool {
        let isInExpression = expressionsBeforeSending.contains { expression in
            guard let compiled = try? expression.expression() else { return false }
            // The file's handle, used whole, is only the place of its bytes, unless some size is read besides.
            guard let members = compiled.membersRead(of: "body", in: "file") else { return expression.source.contains(".size") }
            return members.contains("size")
        }
        return isInExpression || placeholdersBeforeSending.contains { $0.paths.contains(["body", "file", "size"]) }
    }

    private func findBodyMembersRead() -> Set<String>? {
        var read = Set<String>()
        for parameter in unifiedMethod.body where parameter.required || parameter.requiredIf != nil {
            read.insert(String(parameter.name.prefix { $0 != "." }))
        }
        // A shared parameter is found in the body too, whatever name an expression reads it by.
        let shared = Set(unifiedMethod.params)
        var params = Set(unifiedMethod.requires.flatMap(\.self)).intersection(shared)
        for expression in expressionsBeforeSending + mapping.refusals.map(\.condition) {
            // One that does not compile tells so when it is evaluated.
            guard let compiled = try? expression.expression(), let members = compiled.membersRead(of: "body") else {
                return nil
            }
            read.formUnion(members)
            for root in ["query", "params"] { params.formUnion(compiled.membersRead(of: root) ?? shared) }
        }
        for placeholder in placeholdersBeforeSending {
            guard let members = placeholder.members(of: "body") else { return nil }
            read.formUnion(members)
            for root in ["query", "params"] { params.formUnion(placeholder.members(of: root) ?? shared) }
        }
        if forwardsBody { return nil }
        if forwardsQuery { params = shared }
        for name in params.union(read).intersection(shared) { read.formUnion(SharedParameter.members(name)) }
        return read
    }

    var forwardsQuery: Bool {
        mapping.sources.isEmpty
            ? mapping.steps.query == nil : mapping.sources.contains { $0.steps.over(mapping.steps).query == nil }
    }

    var forwardsBody: Bool {
        mapping.sources.isEmpty
            ? mapping.steps.body == nil : mapping.sources.contains { $0.steps.over(mapping.steps).body == nil }
    }

    var stepsBefore: [Mapping.Step] { mapping.before + mapping.sources.flatMap(\.before) }

    var expressionsBeforeSending: [MappingExpression] {
        let calls = [mapping.steps] + mapping.sources.map(\.steps)
        let targets = [mapping.target] + mapping.sources.map(\.target)
        var all = calls.flatMap { [$0.query, $0.body, $0.headers, $0.path] }
        all += targets.flatMap { [$0.resource.expression, $0.method.expression] }
        all += mapping.sources.map(\.runIf) + stepsBefore.map(\.runIf) + stepsBefore.map(\.config.expression)
        all += stepsBefore.map(\.forEach)
        all += unifiedMethod.query.map(\.requiredIf) + unifiedMethod.body.map(\.requiredIf)
        return all.compactMap(\.self) + [accountQueryMapping].compactMap(\.self)
    }

    var placeholdersBeforeSending: [Template.Placeholder] {
        let trees = [mapping.defaultQuery, mapping.defaultBody] + stepsBefore.map(\.config.template)
        return trees.compactMap(\.self).flatMap(\.placeholders)
    }
}

extension Mapping.Name {
    var expression: MappingExpression? {
        if case .computed(let expression, _) = self { expression } else { nil }
    }
}

extension Mapping.StepConfig {
    var expression: MappingExpression? {
        if case .expression(let expression) = self { expression } else { nil }
    }

    var template: JSONTemplate? {
        if case .template(let template) = self { template } else { nil }
    }
}
