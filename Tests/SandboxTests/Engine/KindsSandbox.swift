import Catalog
import Sandbox

/// A vendor of no kind in particular: one route for each thing that a sandbox's file can say.
enum KindsSandbox {
    static var definition: SandboxDefinition {
        get throws { try read(text) }
    }

    /// A sandbox's file from its text.
    static func read(_ text: String) throws -> SandboxDefinition {
        let files = CatalogFiles(texts: [
            "integrations/kinds/integration.yaml": "label: Kinds\nbase_url: https://api.kinds.example\nresources: {}\n",
            "integrations/kinds/sandbox.yaml": text,
        ])
        return SandboxDefinition(vendor: "kinds", document: try Catalog(files: files).sandbox("kinds").document)
    }

    static let text = #"""
        label: Kinds
        headers: {X-Kind: "{{$method}}"}
        settings: {mood: good}
        checks: ['$headers.`x-version` = "0" ? $fail("version")']
        keys:
          plain: {permissions: all, role: admin}
          reader: {permissions: ["things:*"], secret: s3cret}
        write_reads: true
        authorization:
          - {kind: header, name: X-Api-Key}
          - {kind: header, name: Authorization, prefix: "Token token="}
          - {kind: query, name: apikey}
          - {kind: cookie, name: sid}
          - {kind: pair, name: X-Key, secret_name: X-Secret}
          - {kind: session, header: X-Session, query: session, invalid: bad_session}
          - {kind: oauth, scheme: Zoho-oauthtoken}
          - {kind: basic, password: secret}
          - kind: expression
            key: $headers.`x-signed-by`
            valid: '$headers.`x-signature` = $hmac("SHA-256", $secret, $method & $url)'
        oauth:
          token: /token
          clients: {c: {secret: s, grants: [client_credentials]}}
          scopes: ignored
          grants:
            "urn:assert": '$form.assertion = "good" ? {"client": $client, "scopes": ["x"]} : $fail("invalid", {"reason": "bad assertion"})'
        errors:
          unauthorized: {status: 401, text: "who? {{$args.reason}}"}
          not_found: {status: 404, body: '{"error": "no " & $args.collection & " " & $args.id}'}
          bad_session: {status: 412, body: '{"error": "session"}'}
          version: {status: 406}
          invalid: {status: 422, body: '{"error": $args.reason, "parameter": $args.parameter}'}
          rate_limited: {status: 429, headers: {X-Wait: "{{$args.retry_after}}"}, text: slow}
          expired_link: {status: 410, text: gone}
          soap: {status: 500, format: xml, body: '{"Fault": {"code": $args.code}}'}
        rate_limit:
          kind: window
          requests: 5
          seconds: 60
          headers: {X-Left: "{{$remaining}}"}
          limited_headers: {Retry-After: "{{$retry_after}}"}
        functions:
          twice: 'function($x) { $x * 2 }'
          four: 'function($x) { $twice($twice($x)) }'
        collections:
          things:
            id: integer(10)
            count: 7
            record: '( $p := $person($n); {"name": $p.name, "email": $p.email, "size": $n, "big": $n > 3, "at": $isoSeconds($created), "_secret": 1} )'
          files:
            id: hex(8)
            show: '{"id": id, "name": file.name, "type": file.content_type, "size": file.size, "sha": file.sha256, "state": state}'
        pagination:
          pages:
            kind: page
            page: {name: "page[number]"}
            limit: {name: "page[size]", default: 3, max: 4}
            body: '{"data": $rows, "meta": {"page": $page, "pages": $pages, "total": $total}, "links": {"next": $next_url, "prev": $previous_url, "last": $last_url}}'
          offsets:
            kind: offset
            offset: {name: start}
            limit: {name: count, default: 3, max: 4, over: fail}
            ceiling: 8
            headers: {Link: '{{$more ? "<" & $next_url & ">; rel=\"next\""}}'}
          cursors:
            kind: cursor
            in: body
            cursor: {name: paging.cursor}
            limit: {name: paging.limit, default: 3}
            body: '{"rows": $rows.id[], "next": $next}'
          since:
            kind: since
            since: {name: since_id}
            limit: {name: limit, default: 3}
            empty: {status: 204}
        routes:
          - {route: GET /pages, source: x, list: things, pagination: pages, filters: {big: '$string(big) = $value'}}
          - {route: GET /offsets, source: x, list: things, pagination: offsets, sort: size, descending: true}
          - {route: POST /cursors, source: x, list: things, pagination: cursors}
          - {route: GET /since, source: x, list: things, pagination: since}
          - {route: GET /page/:page, source: x, list: things, pagination: {kind: page, in: path, page: {name: page}, limit: {name: n, default: 3}, body: '$count($rows) = 1 ? $rows[0] : $rows'}}
          - {route: GET /things/:id, source: x, permission: "things:read", get: things}
          - {route: POST /things, source: x, permission: "things:write", required: [body.name], create: things, headers: {Location: "{{$base}}/things/{{$record.id}}"}, body: '$undefined'}
          - {route: PATCH /things/:id, source: x, update: things, changes: '{"name": $body.name}'}
          - {route: DELETE /things/:id, source: x, permission: "admin", delete: things}
          - {route: 'GET /Thing(:id)', source: x, get: things, body: '{"d": $show("things", $record)}'}
          - {route: GET /odata, source: x, list: things, rows: '$all("things") ~> $matching($query.`$filter`)', body: '{"ids": [$rows.id], "n": $four(2)}'}
          - {route: POST /undo, source: x, do: '($insert("things", {"name": "x"}); $fail("invalid", {"reason": "undone"}))'}
          - {route: POST /login, source: x, public: true, do: '$body.password = "p" ? {"token": $session({"user": "u"}, 60)} : $fail("unauthorized", {"reason": "login"})'}
          - {route: GET /me, source: x, do: '{"caller": $caller, "mood": $settings.mood}'}
          - {route: POST /base64, source: x, max_file: 1MB, create: files, record: '{"file": $file($body.content, {"name": $body.name}) ~> $need("invalid", {"reason": "no file"})}'}
          - {route: POST /raw, source: x, create: files, record: '{"file": $raw({"name": $query.filename})}'}
          - {route: POST /form, source: x, file_types: [pdf], create: files, record: '{"file": $part("doc") ~> $need("missing", {"name": "doc"}), "state": $body.note}'}
          - {route: POST /url, source: x, fetch: {url: $body.url}, create: files, record: '{"file": $fetched}'}
          - {route: POST /later, source: x, fetch: {url: $body.url, when: later, delay_ms: 50, then: '$update("files", $record.id, $fetched ? {"file": $fetched, "state": "ready"} : {"state": $fetch_error})'}, create: files, record: '{"state": "pending"}'}
          - {route: GET /files/:id, source: x, get: files}
          - {route: GET /files/:id/bytes, source: x, download: '$get("files", $path.id).file', disposition: inline}
          - {route: GET /files/:id/base64, source: x, do: '{"content": $base64($get("files", $path.id).file)}'}
          - {route: GET /files/:id/link, source: x, redirect: '$link("/signed/" & $path.id, 60)'}
          - {route: GET /signed/:id, source: x, signed: true, download: '$get("files", $path.id).file'}
          - {route: POST /soap, source: x, format: xml, when: $exists($body.Envelope.Body.Get), do: '{"Envelope": {"@xmlns:a": "urn:a", "Body": {"Row": $all("things")[size <= $number($$.body.Envelope.Body.Get.Count)].{"@id": id, "Name": name}}}}'}
          - {route: POST /soap, source: x, format: xml, when: $exists($body.Envelope.Body.Put), create: files, record: '{"file": $file($body.Envelope.Body.Put.Data)}', body: '{"Ok": {"Reference": {"@type": "WID", "#text": $record.id}}}'}
          - {route: POST /soap, source: x, do: '$fail("soap", {"code": "unknown"})'}
        accounts: {key: {context: {key: plain}}}
        """#
}
