package import JSON
package import Storage

extension CallLogService {
    /// A page of the newest calls, the newest first, of one environment or all.
    ///
    /// - Parameters:
    ///   - cursor: the `nextCursor` of the page before; nil or empty for the first.
    ///   - limit: moved into 1 to `largestPage`.
    /// - Throws: `.invalidCursor`; `.invalid` for a filter that cannot be compared.
    package func latest(
        _ filters: [Filter<CallField>] = [], environment: String? = nil, cursor: String? = nil, limit: Int = largestPage
    ) async throws(AccountsError) -> List<CallRecord> {
        for filter in filters { try filter.check() }
        let before = try Cursor.position(cursor)
        let limit = min(max(limit, 1), Self.largestPage)
        let page = try await stored { () async throws(StorageError) in
            try await store.calls(filters, environment: environment, before: before, limit: limit)
        }
        return List(result: page.items, nextCursor: page.next.map(Cursor.text), limit: limit)
    }

    /// The call of an id; nil where its row is gone, not written yet, or another environment's.
    package func call(_ id: String, environment: String) async throws(AccountsError) -> CallRecord? {
        try await latest([Filter(.id, .eq, [id])], environment: environment, limit: 1).result.first
    }

    /// Calls from a time on, the oldest first.
    package func calls(
        since time: Timestamp, _ filters: [Filter<CallField>] = [], environment: String? = nil, limit: Int = 1000
    ) async throws(AccountsError) -> [CallRecord] {
        for filter in filters { try filter.check() }
        return try await stored { () async throws(StorageError) in
            try await store.calls(filters, environment: environment, since: time, limit: limit)
        }
    }
}

extension CallRecord {
    /// The entry as `GET /log` and `attache log --json` show it.
    package var json: JSONObject {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        func number(_ value: Int64?) -> JSONValue { value.map { .number(JSONNumber(Int($0))) } ?? .null }
        return [
            "id": .string(id), "created_at": .string(createdAt.text), "environment_id": .string(environmentID),
            "log_type": .string(type), "request_id": text(requestID), "trace_id": text(traceID),
            "http_method": .string(httpMethod), "route": text(route), "host": text(host), "resource": text(resource),
            "method": text(method), "integration": text(integration), "integrated_account_id": text(accountID),
            "status": number(status), "code": .string(code), "duration_ms": number(durationMS),
            "provider_ms": number(providerMS), "bytes_in": number(bytesIn), "bytes_out": number(bytesOut),
            "retries": number(retries),
        ]
    }
}
