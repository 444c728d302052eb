package import JSON

/// The course of opening a session as a pure state machine.
///
/// `start` → send | finished; `received` after each send → send | finished; nothing after finished. Each step sees the
/// results of those before it as `before.<name>`, and what `update_session` has given so far as `{{session.…}}`.
package struct SessionMachine: Sendable {
    package enum Next: Sendable {
        case send(OutgoingRequest, PlannedCall)
        case finished(Outcome)
    }

    package enum Outcome: Sendable {
        /// The session's members.
        case opened(JSONObject)
        case refused(ProviderFailure)
    }

    private let integration: Integration
    private let steps: [Mapping.Step]
    private var scope: CallInput
    private var at = 0
    private var members = JSONObject()
    private var pending: (request: OutgoingRequest, call: PlannedCall)?

    /// - Parameters:
    ///   - integration: with the overrides of the account.
    ///   - context: the account's whole context, credentials included. An old session in it is left out.
    package init(_ integration: Integration, _ session: Session, context: JSONObject, authenticationMethod: String?) {
        self.integration = integration
        steps = session.steps
        scope = CallInput(context: context, authenticationMethod: authenticationMethod)
        scope.context["session"] = nil
    }

    /// - Throws: as `RequestBuilder.build`.
    package mutating func start() throws(CatalogError) -> Next { try proceed() }

    /// - Throws: as `start`, and `expressionFailed`.
    package mutating func received(_ response: ProviderResponse) throws(CatalogError) -> Next {
        guard let (request, call) = pending else { return .finished(.opened(members)) }
        pending = nil
        if let failure = try call.failure(response, of: integration, request: request, scope: scope) {
            return .finished(.refused(failure))
        }
        bind(try call.data(of: response, request: request, scope: scope) ?? .null, to: steps[at])
        at += 1
        return try proceed()
    }

    private mutating func proceed() throws(CatalogError) -> Next {
        while at < steps.count {
            switch try integration.step(steps[at], scope: scope, place: "the session") {
            case .request(let request, let call):
                pending = (request, call)
                return .send(request, call)
            case .value(let value): bind(value ?? .null, to: steps[at])
            case .skipped: break
            }
            at += 1
        }
        return .finished(.opened(members))
    }

    private mutating func bind(_ value: JSONValue, to step: Mapping.Step) {
        if step.kind == .updateSession {
            for (name, member) in value.object ?? [:] { members[name] = member.isNull ? nil : member }
            scope.context["session"] = .object(members)
        }
        if !step.name.isEmpty { scope.before[step.name] = value }
    }
}

extension Integration {
    /// Whether a response is the vendor's sign that the account's session has ended.
    ///
    /// - Throws: `expressionFailed`.
    package func saysSessionEnded(
        _ response: ProviderResponse, to method: IntegrationMethod, authenticationMethod: String?
    ) throws(CatalogError) -> Bool {
        guard !method.noSession, !method.noAuth, let session = session(for: authenticationMethod) else { return false }
        guard let expired = session.expired else { return response.status == 401 }
        let page = try response.body.page()
        let names: MappingInput = [
            "status": .number(JSONNumber(response.status)), "headers": MappingScope.headers(response.headers), "data": .null,
        ]
        return try page.value(expired, of: page.input(names, bodies: ["data"], for: expired)).isTruthy
    }
}
