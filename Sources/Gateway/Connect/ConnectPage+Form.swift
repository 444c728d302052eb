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
    /// On the second step: what the vendor lists for the fields to choose.
    var options: [String: OptionChoices]?

    private var label: String { choice.integration.label }
    private var isOAuth: Bool { method.format == .oauth2 && !isChoosing }
    private var isChoosing: Bool { options != nil }
    private var fields: [Credential.Field] { isChoosing ? choice.choices(of: method) : choice.fields(of: method) }

    /// Whether there is an account that has worked before.
    private var isConnected: Bool {
        choice.account.map { [.active, .needsReauth].contains($0.account.status) } ?? false
    }

    func page() -> ConnectPage {
        let title = isChoosing ? "Finish connecting \(label)" : isConnected ? "Connect \(label) again" : "Connect \(label)"
        var page = ConnectPage(failure == nil ? title : "Error: \(title)", status: failure == nil ? .ok : .unprocessableContent) {
            $0.add(mark: choice.integration)
            $0.add("h1", title)
            $0.add("p", [("class", "lead")]) { text in
                text.add(text: lead)
                if !isChoosing, let link = method.documentationLink, link.hasPrefix("https://") {
                    text.add(text: " ")
                    text.add("a", [("href", link), ("target", "_blank"), ("rel", "noopener noreferrer")], "Where to find them")
                }
            }
            if let failure { write(failure, to: &$0) }
            $0.add("form", [("method", "post"), ("action", path), ("novalidate", ""), ("data-busy", "Connecting to \(label)…")]) { form in
                form.addVoid("input", [("type", "hidden"), ("name", "session"), ("value", session.id)])
                form.addVoid("input", [("type", "hidden"), ("name", "method"), ("value", method.name)])
                if isChoosing { form.addVoid("input", [("type", "hidden"), ("name", "step"), ("value", "choose")]) }
                for field in fields { write(field, to: &form) }
                form.add("button", [("class", "button"), ("type", "submit")], button)
                form.add("p", [("id", "status"), ("class", "quiet"), ("role", "status"), ("aria-live", "polite")], "")
            }
            writeLinks(to: &$0)
        }
        if isOAuth {
            page.footer = "You can take this access back at any time in \(label)."
        } else if !isChoosing {
            page.footer = "What you enter is stored encrypted and is never shown again."
        }
        return page
    }

    private var button: String { isOAuth ? "Continue to \(label)" : isChoosing ? "Finish" : "Connect" }

    private var lead: String {
        if isChoosing { return "\(label) accepts your credentials. This is left to choose." }
        return isOAuth
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
            let entry = selectOptions(of: field) == nil ? "entry" : "entry of-choice"
            page.add("div", [("class", entry)]) { write(field, attributes, to: &$0) }
        }
    }

    private func write(_ field: Credential.Field, _ attributes: [(String, String)], to entry: inout HTML) {
        let value = field.isSecret ? nil : values[field.name]?.string ?? choice.initialValue(of: field)
        if let options = selectOptions(of: field) {
            let isChosen = options.contains { $0.value == value }
            entry.add("select", attributes) { select in
                // Without it a browser would show the first option as if someone had chosen it.
                if !field.required || !isChosen { select.add("option", [("value", "")], "Choose…") }
                for option in options {
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
        let found = options?[field.name]?.options ?? []
        if !found.isEmpty { attributes.append(("list", "field-\(field.name)-list")) }
        entry.addVoid("input", attributes)
        if !found.isEmpty {
            entry.add("datalist", [("id", "field-\(field.name)-list")]) { list in
                for option in found { list.add("option", [("value", option.value)], option.label) }
            }
        }
        if field.isSecret {
            let id = "field-\(field.name)"
            entry.add(
                "button",
                [
                    ("type", "button"), ("class", "reveal"), ("data-reveals", id), ("aria-pressed", "false"),
                    ("aria-label", "Show \(field.label)"), ("hidden", ""),
                ], "Show")
        }
    }

    /// What a select offers; nil for a field that is typed in. A list that is not whole only helps with typing.
    private func selectOptions(of field: Credential.Field) -> [(label: String, value: String)]? {
        if field.kind == .singleSelect { return field.options }
        guard let found = options?[field.name], found.isWhole else { return nil }
        return found.options.map { ($0.label, $0.value) }
    }

    private func writeLinks(to page: inout HTML) {
        page.add("p", [("class", "more")]) { links in
            if isChoosing {
                links.add("a", [("href", "\(path)?method=\(method.name)")], "Enter other credentials")
                return
            }
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
