import HTTPTypes
import JSON
import NIOCore
import NIOHTTP1
import Unified
import Upstream

extension Reply {
    /// An error by docs/wire.md#errors: the flat object, or problem details (RFC 9457) where `Accept` asks for them.
    static func error(_ error: APIError, requestID: String, accept: String?) -> Reply {
        let status = HTTPResponse.Status(code: error.status)
        let asProblem = accept?.contains("application/problem+json") == true
        var object: JSONObject =
            asProblem
            ? [
                "type": .string("/docs/errors#\(error.code.name)"),
                "title": .string(reason(error.status)),
                "status": .number(JSONNumber(error.status)),
                "detail": .string(error.message),
            ]
            : [
                "statusCode": .number(JSONNumber(error.status)),
                "error": .string(reason(error.status)),
                "message": .string(error.message),
            ]
        object["code"] = .string(error.code.name)
        object["request_id"] = .string(requestID)
        object["param"] = error.param.map(JSONValue.string)
        object["hint"] = error.hint.map(JSONValue.string)
        if let remote = error.remote {
            object["truto_is_remote_error"] = true
            object["raw_response"] = remote.rawResponse
        }
        if !error.insight.isEmpty { object["truto_error_insight"] = .object(error.insight) }
        for (name, value) in error.members { object[name] = value }

        var reply = Reply.json(.object(object), status: status)
        if asProblem { reply.headers[.contentType] = "application/problem+json" }
        reply.headers.replace(with: error.headerFields)
        return reply
    }

    /// The canonical reason phrase of a status (RFC 9110 §15); its class for a number without one.
    static func reason(_ status: Int) -> String {
        // HTTPTypes keeps no phrases for statuses made from numbers.
        let known = HTTPResponseStatus(statusCode: status)
        if case .custom = known { return status < 500 ? "Client Error" : "Server Error" }
        return known.reasonPhrase
    }
}
