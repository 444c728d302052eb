import Accounts
import Catalog
import HTTPTypes
import JSON
import Unified

/// `/connect`: the pages on which a customer connects an account. Whoever holds a link token may use them.
///
/// `GET /connect?link_token=` takes the token out of the address and into a cookie; from there on addresses hold the
/// link's id. `GET /connect/{id}` chooses, `/connect/{id}/{integration}` shows and takes the form, and vendors send the
/// browser back to `/connect/{integration}/callback`: one address per vendor, so that no vendor's response can pass for
/// another's (RFC 9700 §4.4.2).
struct ConnectRoutes: Sendable {
    let service: ConnectService
    let publicURL: String?

    init(services: Services, configuration: GatewayConfiguration) {
        service = ConnectService(accounts: services.accounts, unified: services.unified)
        publicURL = configuration.publicURL
    }

    var routes: [Route] {
        [
            page(.get, "/connect", begin),
            page(.get, "/connect/{integration}/callback", callback),
            page(.get, "/connect/{link}", choose),
            page(.get, "/connect/{link}/{integration}", show),
            page(.post, "/connect/{link}/{integration}", take),
        ]
    }

    /// A route whose errors are pages for people.
    private func page(
        _ method: HTTPRequest.Method, _ path: String, _ make: @escaping @Sendable (Call) async throws -> Reply
    ) -> Route {
        Route(method, path, .anyone) { call, _ in
            let reply: Reply
            do { reply = try await make(call) } catch {
                if error is ConnectionEnded || error is CancellationError { throw error }
                reply = Self.problem(error, call).reply()
            }
            try await call.responseWriter.send(reply)
        }
    }

    private func begin(_ call: Call) async throws -> Reply {
        let link = try await service.open(try call.query()["link_token"]?.string ?? "")
        let session = ConnectSession(linkID: link.id, token: try call.query()["link_token"]?.string ?? "")
        return ConnectPage.moved(to: Self.path(link), cookies: [session.cookie(isSecure: isSecure)])
    }

    private func choose(_ call: Call) async throws -> Reply {
        let (link, _) = try await opened(call)
        if let cancel = try call.query()["cancel"] {
            let kind = cancel.string.flatMap(ConnectFailure.Kind.init) ?? .connectionError
            return ConnectPage.cancelled(link, kind, accountID: link.request.accountID).reply()
        }
        let choices = try await service.choices(link)
        switch choices.count {
        case 0: return Self.refused(.notOffered, link).reply()
        case 1: return ConnectPage.moved(to: "\(Self.path(link))/\(choices[0].integration.name)", cookies: [])
        default:
            var page = ConnectPage.choosing(choices, path: Self.path(link))
            page.application = try await service.application(link)
            return page.reply()
        }
    }

    private func show(_ call: Call) async throws -> Reply {
        let (link, session) = try await opened(call)
        do {
            let choice = try await service.choice(link, call.parameters["integration"] ?? "")
            let query = try call.query()
            if Self.isChoosing(choice, query), let method = choice.choosingMethod {
                return try await page(choosingForm(link, choice, method, session), link).reply()
            }
            let method = try Self.method(choice, query["method"]?.string ?? Self.preferred(choice))
            return try await page(form(link, choice, method, session), link).reply()
        } catch let failure as ConnectFailure {
            return Self.refused(failure, link).reply()
        }
    }

    private func take(_ call: Call) async throws -> Reply {
        let (link, session) = try await opened(call)
        let body = try await call.formBody()
        guard session.isNamed(by: body["session"]?.string) else { return Self.strangeForm.reply() }
        let values = body["fields"]?.object ?? [:]
        let integration = call.parameters["integration"] ?? ""
        if body["step"] == "choose" { return try await choose(link, session, integration, values) }
        return try await attempt(link, session, integration, body["method"]?.string, values) {
            choice, method in
            guard method.format == .oauth2 else {
                return try await connected(
                    try await service.connect(link, choice, method, values: values), choice, link)
            }
            let label = choice.integration.label
            let address = try await service.authorize(
                link, choice, method, values: values,
                redirectURI: try base(call) + "/connect/\(choice.integration.name)/callback", session: session.id)
            return ConnectPage.forwarding(
                to: address, title: "On to \(label)", lead: "You sign in there, and come back here.",
                button: "Continue to \(label)"
            ).reply()
        }
    }

    private func callback(_ call: Call) async throws -> Reply {
        let response = AuthorizationResponse(query: try call.queryPairs())
        let integration = call.parameters["integration"] ?? ""
        for session in ConnectSession.each(in: call.headers[.cookie]) {
            guard let link = try? await service.open(session.token), link.id == session.linkID,
                let flow = try await service.takeFlow(
                    link, integration: integration, state: response.state, session: session.id)
            else { continue }
            let values = flow.exposed()["values"]?.object ?? [:]
            return try await attempt(link, session, integration, flow.exposed()["method"]?.string, values) { choice, _ in
                try await connected(try await service.finish(link, choice, flow: flow, response), choice, link)
            }
        }
        return Self.strangeCallback.reply()
    }

    /// Does what may fail for reasons that the person can do something about: then the form is shown again.
    private func attempt(
        _ link: LinkToken, _ session: ConnectSession, _ integration: String, _ methodName: String?, _ values: JSONObject,
        _ body: (ConnectChoice, Credential) async throws -> Reply
    ) async throws -> Reply {
        do {
            let choice = try await service.choice(link, integration)
            let method = try Self.method(choice, methodName)
            do {
                return try await AuditActor.$current.withValue("link token \(link.id)") { try await body(choice, method) }
            } catch let failure as ConnectFailure where failure.kind != .invalidToken {
                return try await again(link, session, choice, method, values, failure)
            }
        } catch let failure as ConnectFailure {
            return Self.refused(failure, link).reply()
        }
    }

    private func again(
        _ link: LinkToken, _ session: ConnectSession, _ choice: ConnectChoice, _ method: Credential,
        _ values: JSONObject, _ failure: ConnectFailure
    ) async throws -> Reply {
        var (link, session, choice) = (link, session, choice)
        var cookies: [String] = []
        if let next = failure.nextToken {
            cookies.append(ConnectSession.ended(link.id, isSecure: isSecure))
            link = try await service.open(next.exposed())
            session = ConnectSession(linkID: link.id, token: next.exposed())
            choice = try await service.choice(link, choice.integration.name)
            cookies.append(session.cookie(isSecure: isSecure))
        }
        var form = try await form(link, choice, method, session)
        form.values = values
        form.failure = failure
        var page = try await page(form, link)
        page.cookies = cookies
        return page.reply()
    }

    private func form(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, _ session: ConnectSession
    ) async throws -> ConnectForm {
        var form = ConnectForm(
            choice: choice, method: method, path: "\(Self.path(link))/\(choice.integration.name)", session: session)
        form.hasOthers = try await service.choices(link).count > 1
        return form
    }

    /// The link that the browser is in the middle of.
    private func opened(_ call: Call) async throws -> (LinkToken, ConnectSession) {
        let id = call.parameters["link"] ?? ""
        guard let session = ConnectSession(linkID: id, cookies: call.headers[.cookie]) else {
            throw ConnectFailure.usedToken
        }
        let link = try await service.open(session.token)
        guard link.id == id else { throw ConnectFailure.usedToken }
        return (link, session)
    }
}
