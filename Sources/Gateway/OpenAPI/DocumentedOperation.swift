import JSON

/// One operation of the document as HTML.
struct DocumentedOperation: Sendable {
    let path: String
    let method: String
    let operation: JSONValue
    let document: JSONValue

    var tag: String { operation["tags"]?.array?.first?.string ?? "" }

    func write(to page: inout HTML) {
        let id = operation["operationId"]?.string ?? ""
        page.add("details", [("id", id)]) { page in
            page.add("summary") { page in
                page.add("span", [("class", "method \(method)")], method.uppercased())
                page.add("code", path)
                page.add("span", [("class", "what")], operation["summary"]?.string ?? "")
            }
            if let text = operation["description"]?.string { page.add("p", text) }
            page.add("h3", "Example")
            page.add("pre", [("tabindex", "0")]) { page in
                page.add("code") { $0.add(markup: HTML.escaped(curl)) }
            }
            writeParameters(to: &page)
            writeBody(to: &page)
            writeResponses(to: &page)
        }
    }

    /// What a `$ref` stands for; anything else as it is.
    private func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string, reference.hasPrefix("#/") else { return value }
        return document[path: reference.dropFirst(2).split(separator: "/").map(String.init)] ?? value
    }

    /// The call with what it cannot do without, for a shell.
    private var curl: String {
        var target = path
        var query: [String] = []
        for parameter in (operation["parameters"]?.array ?? []).map(resolved) {
            guard let name = parameter["name"]?.string else { continue }
            switch parameter["in"]?.string {
            case "path": target = target.replacing("{\(name)}", with: "ID")
            case "query" where name == "integrated_account_id": query.append("\(name)=$ATTACHE_ACCOUNT")
            case "query" where parameter["required"] == true:
                query.append("\(name)=\(plain(ExampleValue.of(name, parameter["schema"] ?? .null)))")
            default: break
            }
        }
        if !query.isEmpty { target += "?" + query.joined(separator: "&") }
        var lines = ["curl \(method == "get" ? "" : "-X \(method.uppercased()) ")\"$ATTACHE_URL\(target)\""]
        if operation["security"]?.array?.isEmpty != true { lines.append("-H \"Authorization: Bearer $ATTACHE_TOKEN\"") }
        let content = operation[path: ["requestBody", "content"]]?.object
        if let form = content?["multipart/form-data"] {
            lines += required(resolved(form["schema"] ?? .null)).filter { $0.name != "file" }
                .map { "-F \"\($0.name)=\(plain($0.value))\"" }
            lines.append("-F \"file=@cv.pdf\"")
        } else if let json = content?["application/json"] {
            let members = JSONObject(required(resolved(json["schema"] ?? .null)).map { (key: $0.name, value: $0.value) })
            lines.append("-H \"Content-Type: application/json\" -d '\(JSONValue.object(members).text())'")
        }
        return lines.joined(separator: " \\\n  ")
    }

    private func plain(_ value: JSONValue) -> String { value.string ?? value.text() }

    private func required(_ schema: JSONValue) -> [(name: String, value: JSONValue)] {
        (schema["required"]?.array ?? []).compactMap(\.string).map { name in
            (name, ExampleValue.of(name, resolved(schema[path: ["properties", name]] ?? .null)))
        }
    }

    private func writeParameters(to page: inout HTML) {
        let parameters = (operation["parameters"]?.array ?? []).map(resolved)
        guard !parameters.isEmpty else { return }
        page.add("h3", "Parameters")
        page.add("dl") { page in
            for parameter in parameters {
                let isRequired = parameter["required"] == true
                page.add("dt") { page in
                    page.add("code", parameter["name"]?.string ?? "")
                    page.add(
                        "span", [("class", "note")],
                        "\(parameter["in"]?.string ?? ""), \(SchemaSummary.type(parameter["schema"] ?? .null))\(isRequired ? ", required" : "")"
                    )
                }
                page.add("dd", parameter["description"]?.string ?? "")
            }
        }
    }

    private func writeBody(to page: inout HTML) {
        guard let content = operation[path: ["requestBody", "content"]]?.object else { return }
        page.add("h3", "Body")
        for (type, media) in content {
            page.add("p") { $0.add("code", type) }
            let schema = resolved(media["schema"] ?? .null)
            if schema["properties"] != nil {
                SchemaSummary(document: document).write(schema, to: &page)
            } else if let text = schema["description"]?.string {
                page.add("p", text)
            }
        }
    }

    private func writeResponses(to page: inout HTML) {
        page.add("h3", "Answers")
        for (status, value) in operation["responses"]?.object ?? [:] {
            let response = resolved(value)
            page.add("p") { page in
                page.add("strong", status)
                page.add(text: " ")
                page.add(markup: HTML.inline(response["description"]?.string ?? "", link: ErrorsPage.address))
            }
            guard status == "200", let schema = response["content"]?.object?.elements.first?.value["schema"] else {
                continue
            }
            SchemaSummary(document: document).write(resolved(schema), to: &page)
            if let example = resolved(schema)["examples"]?.array?.first {
                page.add("pre", [("tabindex", "0")]) { $0.add("code", example.text(pretty: true)) }
            }
        }
    }
}
