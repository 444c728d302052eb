import Catalog
import JSON
import NIOCore
import NIOHTTP1
import Testing

extension VendorContract {
    static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { text, byte in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 95, 126].contains(byte)
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                text += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
    }

    private static func query(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
    }

    private func path(_ rest: String = "", account: String?, _ parameters: [(name: String, value: String)]) -> String {
        let all = [(name: "integrated_account_id", value: account ?? gateway.accountID)] + parameters
        return "/unified/ats/attachments\(rest)?\(Self.query(all))"
    }

    /// Uploads a file.
    ///
    /// - Parameter extra: of the query.
    func create(
        _ file: ContractFile, as form: ContractForm = .multipart, type: String? = nil, account: String? = nil,
        extra: [(name: String, value: String)] = []
    ) async throws -> Answer {
        let known = targets + (type.map { [(name: "attachment_type", value: $0)] } ?? [])
        let fields = known + remoteFields.map { (name: "remote_data[\($0)]", value: "Sandbox") }
        switch form {
        case .multipart, .fileFirst:
            var parts = fields.map { Form.Part.field($0.name, $0.value) }
            let part = Form.Part.file("file", name: file.name, type: file.type, bytes: Array(buffer: file.bytes))
            parts.insert(part, at: form == .multipart ? parts.count : 0)
            let body = Form(parts)
            return try await gateway.call(
                .POST, path(account: account, extra), headers: [("content-type", body.contentType)], body: body.body)
        case .json:
            // The file first: what it belongs to is known only after it.
            var members: [(key: String, value: JSONValue)] = [("file", .string(file.base64)), ("file_name", .string(file.name))]
            members += known.map { ($0.name, .string($0.value)) }
            let remote = JSONObject(remoteFields.map { (key: $0, value: JSONValue("Sandbox")) })
            if !remote.isEmpty { members.append(("remote_data", .object(remote))) }
            let text = JSONValue.object(JSONObject(members)).bytes()
            return try await gateway.call(
                .POST, path(account: account, extra), headers: [("content-type", "application/json")],
                body: ByteBuffer(bytes: text))
        case .raw:
            return try await gateway.call(
                .POST, path(account: account, extra + fields + [("file_name", file.name)]),
                headers: [("content-type", file.type)], body: file.bytes)
        case .urlencoded:
            let text = Self.query(fields + [("file_name", file.name), ("file", file.base64)])
            return try await gateway.call(
                .POST, path(account: account, extra), headers: [("content-type", "application/x-www-form-urlencoded")],
                body: ByteBuffer(string: text))
        }
    }

    func get(_ id: String) async throws -> Answer {
        try await gateway.call(.GET, path("/" + Self.escaped(id), account: nil, targets))
    }

    func delete(_ id: String) async throws -> Answer {
        try await gateway.call(.DELETE, path("/" + Self.escaped(id), account: nil, targets))
    }

    func download(_ id: String, _ url: String?) async throws -> Answer {
        let named = [(name: "id", value: id)] + (url.map { [(name: "file_url", value: $0)] } ?? [])
        return try await gateway.call(.POST, path("/download", account: nil, targets + named))
    }

    /// As `download`; of a vendor that fetches files by itself the file may come some time after its record.
    func downloadOnceThere(_ id: String, _ url: String?) async throws -> Answer {
        var url = url
        var response = try await download(id, url)
        for _ in 0..<200 where isFetched && response.status != 200 {
            try await Task.sleep(for: .milliseconds(50))
            if offers("get") { url = try await get(id).json["file_url"]?.string ?? url }
            response = try await download(id, url)
        }
        return response
    }

    func list(account: String? = nil, cursor: String? = nil) async throws -> Answer {
        let page = cursor.map { [(name: "next_cursor", value: $0)] } ?? []
        return try await gateway.call(.GET, path(account: account, listTargets + page))
    }

    /// A job to apply for: the sandbox's target, else the first of the vendor's list.
    func job() async throws -> String {
        if let known = targets.first(where: { $0.name == "job_id" })?.value { return known }
        let list = try await gateway.call(.GET, gateway.path("jobs"))
        return try #require(list.json["result"]?.array?.first?["id"]?.string)
    }

    /// The targets that a list takes: it refuses what it cannot filter by.
    var listTargets: [(name: String, value: String)] {
        let filters = plans["list"]?.filters?.supported ?? []
        return targets.filter { filters.contains($0.name) }
    }

    /// Any call that reaches the vendor: an upload where it takes files, else a list of files or of candidates.
    func anyCall(account: String? = nil, extra: [(name: String, value: String)] = []) async throws -> Answer {
        if offers("create") { return try await create(file("any", size: 100), account: account, extra: extra) }
        if offers("list") { return try await list(account: account) }
        return try await gateway.call(
            .GET, "/unified/ats/candidates?integrated_account_id=\(account ?? gateway.accountID)")
    }
}
