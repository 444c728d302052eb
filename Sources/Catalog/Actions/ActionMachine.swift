package import JSON

/// The course of an integration's actions with one account as a pure state machine.
///
/// `start` → send | finished; `received` after each send → send | finished; nothing after finished. The actions run in
/// their order, each step sees the results of those before it as `before.<name>`, and what `update_context` gives is
/// the context of all later ones. The first refusal ends it.
package struct ActionMachine: Sendable {
    package enum Next: Sendable {
        case send(OutgoingRequest, PlannedCall)
        case finished(Outcome)
    }

    package enum Outcome: Sendable {
        /// All went well; the members that steps add to the account's context.
        case done(context: JSONObject)
        case refused(Action.Name, ProviderFailure)
    }

    private let integration: Integration
    private let steps: [(action: Action.Name, step: Mapping.Step)]
    private var scope: CallInput
    private var at = 0
    private var added = JSONObject()
    private var pending: (request: OutgoingRequest, call: PlannedCall)?

    /// - Parameters:
    ///   - integration: with the overrides of the account.
    ///   - context: the account's whole context, credentials included.
    ///   - openContext: what of it overrides may see.
    package init(
        _ integration: Integration, context: JSONObject, openContext: JSONObject = [:], secrets: SecretMask = .none,
        authenticationMethod: String?
    ) {
        self.integration = integration
        steps = integration.actions.flatMap { action in action.steps.map { (action.name, $0) } }
        scope = CallInput(context: context, authenticationMethod: authenticationMethod)
        scope.openContext = openContext
        scope.secrets = secrets
    }

    /// The action whose step is next, or the last one.
    package var current: Action.Name { steps.isEmpty ? .validation : steps[min(at, steps.count - 1)].action }

    /// - Throws: as `RequestBuilder.build`.
    package mutating func start() throws(CatalogError) -> Next { try proceed() }

    /// - Throws: as `start`, and `expressionFailed`.
    package mutating func received(_ response: ProviderResponse) throws(CatalogError) -> Next {
        guard let (request, call) = pending else { return .finished(.done(context: added)) }
        pending = nil
        let (action, step) = steps[at]
        if let failure = try call.failure(response, of: integration, request: request, scope: scope) {
            return .finished(.refused(action, failure))
        }
        bind(try call.data(of: response, request: request, scope: scope) ?? .null, to: step)
        at += 1
        return try proceed()
    }

    private mutating func proceed() throws(CatalogError) -> Next {
        while at < steps.count {
            let (action, step) = steps[at]
            switch try integration.step(step, scope: scope, place: "the action \(action.rawValue)") {
            case .request(let request, let call):
                pending = (request, call)
                return .send(request, call)
            case .value(let value): bind(value ?? .null, to: step)
            case .skipped: break
            }
            at += 1
        }
        return .finished(.done(context: added))
    }

    private mutating func bind(_ value: JSONValue, to step: Mapping.Step) {
        if step.kind == .updateContext {
            for (name, member) in value.object ?? [:] {
                added[name] = member
                scope.context[name] = member.isNull ? nil : member
            }
        }
        if !step.name.isEmpty { scope.before[step.name] = value }
    }
}
