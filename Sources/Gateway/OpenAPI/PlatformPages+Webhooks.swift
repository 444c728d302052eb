import JSON
import Storage

extension PlatformPages {
    static let webhooks: [String: Page] = [
        "listWebhooks": list(webhookTag, "webhooks", "Webhook", WebhookField.self),
        "createWebhook": Page(
            tag: webhookTag, summary: "Makes a webhook",
            description:
                "The secret that signs its events is in this response and never shown again. Libraries for Standard Webhooks take it as it is.",
            body: OpenAPISchemas.object(webhookBody, optional: ["event_types", "is_active"]),
            response: .schema("Webhook"), responseDescription: "The webhook with its secret."),
        "getWebhook": get(webhookTag, "a webhook", "Webhook"),
        "updateWebhook": Page(
            tag: webhookTag, summary: "Changes a webhook",
            body: OpenAPISchemas.object(webhookBody, optional: Set(webhookBody.keys)),
            response: .schema("Webhook"), responseDescription: "The webhook as it is now."),
        "deleteWebhook": delete(webhookTag, "a webhook and its deliveries"),
        "testWebhook": Page(
            tag: webhookTag, summary: "Sends the event `test`, whether the webhook is active or not",
            body: OpenAPISchemas.object(["id": OpenAPISchemas.text]), response: .schema("Success"),
            responseDescription: "It is on its way."),
        "listWebhookDeliveries": list(
            webhookTag, "deliveries: what was sent where and how it went", "WebhookDelivery", DeliveryField.self),
    ]

    private static let webhookTag = "Webhooks"

    private static let webhookBody: JSONObject = [
        "target_url": ["type": "string", "format": "uri", "description": "https, and public."],
        "event_types": [
            "type": "array", "items": OpenAPISchemas.text,
            "description": "Such as `integrated_account:active` or `integrated_account:*`; all events without.",
        ],
        "is_active": OpenAPISchemas.flag,
    ]
}
