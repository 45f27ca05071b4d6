"""How a site's server signs who its visitor is, in the languages that shops are written in.

Each makes the page call `guanxi("identify", claims, signature)`, claims being the very text that was signed.
"""

from __future__ import annotations

PYTHON = """\
import hashlib, hmac, json

SECRET = "…"  # as shown above; never sent to a browser
claims = json.dumps({"external": str(user.id), "namespace": "shop",
                     "email": user.email, "name": user.name})
signature = hmac.new(SECRET.encode(), claims.encode(), hashlib.sha256).hexdigest()
# In the page's template, both written as JavaScript strings:
# <script>guanxi("identify", {{ claims|tojson }}, {{ signature|tojson }})</script>
"""

PHP = """\
<?php
$secret = '…';  // as shown above; never sent to a browser
$claims = json_encode(['external' => (string) $user->id, 'namespace' => 'shop',
                       'email' => $user->email, 'name' => $user->name]);
$signature = hash_hmac('sha256', $claims, $secret);
?>
<script>guanxi("identify", <?= json_encode($claims, JSON_HEX_TAG) ?>, "<?= $signature ?>")</script>
"""

NODE = """\
import { createHmac } from "node:crypto";

const SECRET = "…"; // as shown above; never sent to a browser
const claims = JSON.stringify({ external: String(user.id), namespace: "shop",
                                email: user.email, name: user.name });
const signature = createHmac("sha256", SECRET).update(claims).digest("hex");
const text = (value) => JSON.stringify(value).replaceAll("<", "\\\\u003c");
// In the page: `<script>guanxi("identify", ${text(claims)}, ${text(signature)})</script>`
"""

EXAMPLES = (("Python", PYTHON), ("PHP", PHP), ("Node.js", NODE))
