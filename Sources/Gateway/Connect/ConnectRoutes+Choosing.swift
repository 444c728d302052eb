import Accounts
import Catalog
import JSON
import Unified

/// The second step: fields whose values the vendor lists once the credentials work.
extension ConnectRoutes {
    /// Whether the page begins with the second step: it follows the first, or nothing else is missing.
    static func isChoosing(_ choice: ConnectChoice, _ query: JSONObject) -> Bool {
        query["step"] == "choose" || query["method"] == nil && choice.account?.account.status == .incomplete
    }

    /// The end, or the second step with a link of its own.
    func connected(_ done: ConnectedAccount, _ choice: ConnectChoice, _ link: LinkToken) async throws -> Reply {
        guard let next = done.nextToken else { return ended(done.account, choice, link).reply() }
        let nextLink = try await service.open(next.exposed())
        let session = ConnectSession(linkID: nextLink.id, token: next.exposed())
        return ConnectPage.moved(
            to: "\(Self.path(nextLink))/\(choice.integration.name)?step=choose",
            cookies: [ConnectSession.ended(link.id, isSecure: isSecure), session.cookie(isSecure: isSecure)])
    }

    private func ended(_ account: IntegratedAccount, _ choice: ConnectChoice, _ link: LinkToken) -> ConnectPage {
        var page = ConnectPage.connected(account, label: choice.integration.label, link)
        page.cookies = [ConnectSession.ended(link.id, isSecure: isSecure)]
        return page
    }

    /// Takes the form of the second step.
    func choose(
        _ link: LinkToken, _ session: ConnectSession, _ integration: String, _ values: JSONObject
    ) async throws -> Reply {
        do {
            let choice = try await service.choice(link, integration)
            guard let method = choice.choosingMethod else { throw ConnectFailure.notOffered }
            do {
                let account = try await AuditActor.$current.withValue("link token \(link.id)") {
                    try await service.choose(link, choice, method, values: values)
                }
                return ended(account, choice, link).reply()
            } catch let failure as ConnectFailure where failure.kind != .invalidToken {
                var form = try await choosingForm(link, choice, method, session)
                form.values = values
                form.failure = failure
                return try await page(form, link).reply()
            }
        } catch let failure as ConnectFailure {
            return Self.refused(failure, link).reply()
        }
    }

    func choosingForm(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, _ session: ConnectSession
    ) async throws -> ConnectForm {
        var form = ConnectForm(
            choice: choice, method: method, path: "\(Self.path(link))/\(choice.integration.name)", session: session)
        form.options = await service.options(link, choice, method)
        return form
    }

    func page(_ form: ConnectForm, _ link: LinkToken) async throws -> ConnectPage {
        var page = form.page()
        page.application = try await service.application(link)
        return page
    }
}
