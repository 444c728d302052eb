import Accounts
import Catalog
import HTTPTypes
import JSON
import Unified

/// What a form page shows besides the fields.
struct ConnectForm: Sendable {
    let choice: ConnectChoice
    let method: Credential
    /// `/connect/…` of the link and the integration.
    let path: String
    let session: ConnectSession
    /// Entered before; secrets of it are not shown again.
    var values = JSONObject()
    var failure: ConnectFailure?
    /// Whether there were other integrations to choose from.
    var hasOthers = false

    private var label: String { choice.integration.label }
    private var isOAuth: Bool { method.format == .oauth2 }

    /// Whether there is an account that has worked before.
    private var isConnected: Bool {
        choice.account.map { [.active, .needsReauth].contains($0.account.status) } ?? false
    }

    func page() -> ConnectPage {
        let title = isConnected ? "Connect \(label) again" : "Connect \(label)"
        var page = ConnectPage(failure == nil ? title : "Error: \(title)", status: failure == nil ? .ok : .unprocessableContent) {
            $0.add(mark: choice.integration)
            $0.add("h1", title)
            $0.add("p", [("class", "lead")]) { text in
                text.add(text: lead)
                if let link = method.documentationLink, link.hasPrefix("https://") {
                    text.add(text: " ")
                    text.add("a", [("href", link), ("target", "_blank"), ("rel", "noopener noreferrer")], "Where to find them")
                }
            }
            if let failure { write(failure, to: &$0) }
            $0.add("form", [("method", "post"), ("action", path), ("novalidate", ""), ("data-busy", "Connecting to \(label)…")]) { form in
                form.addVoid("input", [("type", "hidden"), ("name", "session"), ("value", session.id)])
                form.addVoid("input", [("type", "hidden"), ("name", "method"), ("value", method.name)])
                for field in choice.fields(of: method) { write(field, to: &form) }
                form.add("button", [("class", "button"), ("type", "submit")], isOAuth ? "Continue to \(label)" : "Connect")
                form.add("p", [("id", "status"), ("class", "quiet"), ("role", "status"), ("aria-live", "polite")], "")
            }
            writeLinks(to: &$0)
        }
        page.footer = isOAuth
            ? "You can take this access back at any time in \(label)."
            : "What you enter is stored encrypted and is never shown again."
        return page
    }

    private var lead: String {
        isOAuth
            ? "You sign in at \(label), say what may be done, and come back here."
            : "Enter the credentials of your \(label) account."
    }

    private func write(_ failure: ConnectFailure, to page: inout HTML) {
        page.add("div", [("id", "errors"), ("role", "alert"), ("tabindex", "-1")]) { page in
            page.add("h2", failure.faults.isEmpty ? "\(label) is not connected yet" : "Something is missing or wrong")
            if failure.faults.isEmpty {
                page.add("p", failure.message)
            } else {
                page.add("ul") { list in
                    for fault in failure.faults {
                        list.add("li") { $0.add("a", [("href", "#field-\(fault.field)")], fault.message) }
                    }
                }
            }
        }
    }

    private func write(_ field: Credential.Field, to form: inout HTML) {
        let id = "field-\(field.name)"
        let fault = failure?.faults.first { $0.field == field.name }?.message
        form.add("div", [("class", "field")]) { page in
            page.add("label", [("for", id)]) { label in
                label.add(text: field.label)
                if !field.required { label.add("span", [("class", "optional")], " (optional)") }
            }
            if let help = field.helpText { page.add("p", [("class", "help"), ("id", id + "-help")], help) }
            if let fault { page.add("p", [("class", "fault"), ("id", id + "-fault")], fault) }
            var attributes = [("id", id), ("name", "fields[\(field.name)]")]
            let notes = [field.helpText.map { _ in id + "-help" }, fault.map { _ in id + "-fault" }].compactMap { $0 }
            if !notes.isEmpty { attributes.append(("aria-describedby", notes.joined(separator: " "))) }
            if field.required { attributes.append(("aria-required", "true")) }
            if fault != nil { attributes.append(("aria-invalid", "true")) }
            let entry = field.kind == .singleSelect ? "entry of-choice" : "entry"
            page.add("div", [("class", entry)]) { write(field, attributes, to: &$0) }
        }
    }

    private func write(_ field: Credential.Field, _ attributes: [(String, String)], to entry: inout HTML) {
        let value = field.isSecret ? nil : values[field.name]?.string ?? choice.initialValue(of: field)
        if field.kind == .singleSelect {
            let isChosen = field.options.contains { $0.value == value }
            entry.add("select", attributes) { select in
                // Without it a browser would show the first option as if someone had chosen it.
                if !field.required || !isChosen { select.add("option", [("value", "")], "Choose…") }
                for option in field.options {
                    let selected = option.value == value ? [("selected", "")] : []
                    select.add("option", [("value", option.value)] + selected, option.label)
                }
            }
            return
        }
        var attributes = attributes
        attributes.append(("type", field.isSecret ? "password" : field.format == "email" ? "email" : "text"))
        // A password manager would offer the person's own password here.
        attributes += [("autocomplete", "off"), ("autocapitalize", "none"), ("spellcheck", "false")]
        if field.isSecret { attributes += [("data-1p-ignore", ""), ("data-lpignore", "true")] }
        if let placeholder = field.placeholder { attributes.append(("placeholder", placeholder)) }
        if let value { attributes.append(("value", value)) }
        entry.addVoid("input", attributes)
        if field.isSecret {
            let id = "field-\(field.name)"
            entry.add(
                "button",
                [("type", "button"), ("class", "reveal"), ("data-reveals", id), ("aria-pressed", "false"),
                 ("aria-label", "Show \(field.label)"), ("hidden", "")], "Show")
        }
    }

    private func writeLinks(to page: inout HTML) {
        page.add("p", [("class", "more")]) { links in
            for other in choice.methods where other.name != method.name {
                links.add("a", [("href", "\(path)?method=\(other.name)")], Self.name(of: other, label: label))
            }
            let link = path.split(separator: "/").dropLast().joined(separator: "/")
            if hasOthers { links.add("a", [("href", "/\(link)")], "Choose another") }
            let kind = failure.map { "?cancel=\($0.kind.rawValue)" } ?? "?cancel"
            links.add("a", [("href", "/\(link)\(kind)")], "Cancel")
        }
    }

    private static func name(of method: Credential, label: String) -> String {
        switch method.format {
        case .oauth2: "Sign in at \(label) instead"
        case .apiKey: "Use an API key instead"
        default: "Use client credentials instead"
        }
    }
}

extension HTML {
    /// A vendor's logo, where it is part of the definition, or the first letter of its name.
    mutating func add(mark integration: Integration) {
        add("div", [("class", "mark"), ("aria-hidden", "true")]) { mark in
            if let logo = integration.logo, logo.hasPrefix("data:image/") {
                mark.addVoid("img", [("src", logo), ("alt", "")])
            } else {
                mark.add("span", String(integration.label.prefix(1)))
            }
        }
    }
}
