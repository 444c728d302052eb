package import JSON
import JSONata
import Synchronization

/// What of a caller's body and parameters anything of the definition reads. What nothing reads reaches no provider, and the
/// response says so.
struct MembersRead: Sendable {
    /// Members of the body and parameters; nil: all of them, where it is not known.
    private(set) var names: Set<String>?
    /// Members of those that hold an object, by name; nil: all of it.
    private(set) var inner: [String: Set<String>?] = [:]

    init(_ names: Set<String>? = []) { self.names = names }

    /// Adds what an expression reads, of the body and of the parameters.
    mutating func add(_ expression: MappingExpression) {
        // One that does not compile fails when it is evaluated.
        guard let compiled = try? expression.expression() else { return names = nil }
        for root in ["body", "query", "rawQuery", "params"] {
            guard let members = compiled.membersRead(of: root) else { return names = nil }
            names?.formUnion(members)
            guard root == "body" else { continue }
            for member in members { add(compiled.membersRead(of: "body", in: member), in: member) }
        }
    }

    mutating func add(_ placeholder: Template.Placeholder) {
        for root in ["body", "query", "rawQuery", "params"] {
            guard let members = placeholder.members(of: root) else { return names = nil }
            names?.formUnion(members)
            if root == "body" { for member in members { add(nil, in: member) } }
        }
    }

    mutating func add(_ more: Set<String>) { names?.formUnion(more) }

    mutating func add(_ other: MembersRead) {
        guard let more = other.names else { return names = nil }
        names?.formUnion(more)
        for (member, members) in other.inner { add(members, in: member) }
    }

    private mutating func add(_ members: Set<String>?, in member: String) {
        guard let known = inner[member] ?? [], let members else { return inner[member] = .some(nil) }
        inner[member] = known.union(members)
    }
}

/// What a plan reads of its callers' bodies and parameters.
struct BodyUse: Sendable {
    /// By the call itself.
    var own: MembersRead
    /// By each step of its saga.
    var steps: [MembersRead]
    /// Without the steps; nil where the call may read all.
    var unread: UnreadMembers?
}

/// What callers may give and nothing of the definition reads.
struct UnreadMembers: Sendable {
    /// Parameters that may come in the body or in the query.
    var shared: [SharedParameter]
    var body: [String]
    var query: [String]
    /// As in `MembersRead`.
    var inner: [String: Set<String>?]

    /// - Returns: nil where it is not known what is read.
    init?(_ read: MembersRead, of plan: MethodPlan) {
        guard var names = read.names else { return nil }
        let method = plan.unifiedMethod
        let sharedMembers = method.params.map(SharedParameter.members)
        for members in sharedMembers where !names.isDisjoint(with: members) { names.formUnion(members) }
        shared = plan.sharedParameters.filter { !names.contains($0.name) }
        // The members of a shared parameter are reported with it, and the parts of a saga by their steps.
        let reported = Set(sharedMembers.joined()).union(plan.saga?.parts ?? []).union(Self.always)
        let members = method.body.map(\.name).filter { !reported.contains($0) && !$0.contains("[") }
        body = members.filter { !names.contains($0) }
        query = method.query.map(\.name).filter { !reported.contains($0) && !members.contains($0) && !names.contains($0) }
        inner = read.inner
    }

    /// Read by the gateway itself.
    private static let always: Set<String> = [
        "file", "file_url", "file_name", "content_type", "remote_data", "on_duplicate_candidate",
    ]
}

extension MethodPlan {
    /// Members of the body and parameters that a call gives, that the model knows, and that nothing of the definition reads:
    /// `stage_id`, `candidate[title]`.
    ///
    /// What only the response mapping reads fills records with what the caller gave, and does not count.
    ///
    /// - Parameters:
    ///   - body: as the caller gave it.
    ///   - steps: of a saga, the places of those that are carried out; nil: only the call itself is made.
    package func unread(body: JSONObject, query: JSONObject, steps: Set<Int>? = nil) -> [String] {
        let use = bodyUse
        var unread = use.unread
        if let steps, !steps.isEmpty {
            var read = use.own
            for at in steps { read.add(use.steps[at]) }
            unread = UnreadMembers(read, of: self)
        }
        guard let unread else { return [] }
        return unread.shared.filter { ($0.value(in: body) ?? $0.value(in: query)) != nil }.map(\.name)
            + unread.body.filter { SharedParameter.isGiven(body[$0]) }
            + unread.query.filter { SharedParameter.isGiven(query[$0]) }
            + unreadInside(body, unread)
    }

    /// Members of an object that the call itself takes. Of a reference one of its members says what is meant.
    private func unreadInside(_ body: JSONObject, _ members: UnreadMembers) -> [String] {
        var unread: [String] = []
        for (name, value) in body {
            guard let known = members.inner[name] ?? nil, let given = value.object,
                let properties = parameterNames.schema(of: name)?["properties"]?.object, properties["id"] == nil
            else { continue }
            for key in properties.elements.map(\.key) where !known.contains(key) && SharedParameter.isGiven(given[key]) {
                unread.append("\(name)[\(key)]")
            }
        }
        return unread
    }

    /// Worked out once, at the first call that writes.
    private var bodyUse: BodyUse {
        knownBodyUse.withLock { known in
            if let known { return known }
            let own = findMembersRead()
            let fresh = BodyUse(
                own: own, steps: (saga?.steps ?? []).map(MembersRead.init(of:)), unread: UnreadMembers(own, of: self))
            known = fresh
            return fresh
        }
    }

    private func findMembersRead() -> MembersRead {
        if forwardsBody { return MembersRead(nil) }
        var read = MembersRead()
        if forwardsQuery { read.add(Set(unifiedMethod.query.map(\.name) + unifiedMethod.params)) }
        for parameter in unifiedMethod.body + unifiedMethod.query where parameter.required { read.add([parameter.name]) }
        read.add(Set(unifiedMethod.requires.flatMap(\.self)))
        // A refusal that reads a member leaves it out of what is carried out knowingly.
        for expression in expressionsBeforeSending + mapping.refusals.map(\.condition) { read.add(expression) }
        for step in mapping.after {
            for expression in [step.runIf, step.forEach, step.config.expression].compactMap(\.self) { read.add(expression) }
        }
        let after = mapping.after.compactMap(\.config.template).flatMap(\.placeholders)
        for placeholder in placeholdersBeforeSending + after { read.add(placeholder) }
        return read
    }
}

extension MembersRead {
    /// Of what a step of a saga makes its call of. The caller's whole body is read by the call that the saga belongs to.
    fileprivate init(of step: SagaStep) {
        self.init()
        for expression in [step.items, step.runIf, step.query, step.body].compactMap(\.self) { add(expression) }
        for (_, expression) in step.sets { add(expression) }
        // The members go on to a call of their own, which reports what it does not read of them.
        for member in inner.keys { inner[member] = .some(nil) }
    }
}
