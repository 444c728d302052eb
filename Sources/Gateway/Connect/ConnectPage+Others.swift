import Accounts
import Catalog
import HTTPTypes
import Unified

extension ConnectPage {
    /// The integrations to choose from.
    static func choosing(_ choices: [ConnectChoice], path: String) -> ConnectPage {
        ConnectPage("Connect an account") { page in
            page.add("h1", "What do you want to connect?")
            page.add("p", [("class", "lead")], "Choose the system that your company uses.")
            page.add("ul", [("class", "choices")]) { list in
                for choice in choices {
                    list.add("li") { item in
                        item.add("a", [("href", "\(path)/\(choice.integration.name)")]) { link in
                            link.add(mark: choice.integration)
                            link.add("span", choice.integration.label)
                            link.add(markup: ConnectIcon.arrow)
                        }
                    }
                }
            }
            page.add("p", [("class", "more")]) { $0.add("a", [("href", "\(path)?cancel")], "Cancel") }
        }
    }

    /// Sends the browser on by itself; the link is for those that do not go.
    static func forwarding(to address: String, title: String, lead: String, button: String) -> ConnectPage {
        var page = ConnectPage(title) { page in
            page.add("h1", title)
            page.add("p", [("class", "lead")], lead)
            page.add("a", [("class", "button"), ("href", address)], button)
        }
        page.forwards = address
        return page
    }

    /// The end, good or bad: the browser goes where the link says, or the page that opened this one is told.
    static func ending(
        _ result: ConnectResult, _ link: LinkToken?, title: String, lead: String, status: HTTPResponse.Status = .ok
    ) -> ConnectPage {
        let address = (link?.request.redirectURI).map(result.address)
        var page = ConnectPage(title, status: status) { page in
            let isGood = result.errorType == nil
            page.add("div", [("class", isGood ? "mark good" : "mark bad")]) {
                $0.add(markup: isGood ? ConnectIcon.tick : ConnectIcon.cross)
            }
            page.add("h1", title)
            page.add("p", [("class", "lead"), ("role", "status")], lead)
            if let address {
                page.add("a", [("class", "button"), ("href", address)], "Continue")
            } else {
                page.add("button", [("class", "button"), ("type", "button"), ("id", "close"), ("hidden", "")], "Close this window")
            }
        }
        page.forwards = address
        if address == nil { page.result = result }
        page.openerOrigin = link?.request.openerOrigin
        return page
    }

    static func connected(_ account: IntegratedAccount, label: String, _ link: LinkToken) -> ConnectPage {
        let lead = link.request.redirectURI == nil ? "You can close this window." : "You are being taken back."
        return ending(
            ConnectResult(accountID: account.id, integration: account.integration), link,
            title: "\(label) is connected", lead: lead)
    }

    static func cancelled(_ link: LinkToken, _ kind: ConnectFailure.Kind, accountID: String?) -> ConnectPage {
        ending(
            ConnectResult(accountID: accountID, errorType: kind), link, title: "Nothing was connected",
            lead: link.request.redirectURI == nil ? "You can close this window." : "You are being taken back.")
    }
}
