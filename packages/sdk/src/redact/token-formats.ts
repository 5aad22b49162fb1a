/** A provider's key that can be told by how it begins. */
export interface TokenFormat {
  /** What the marker says. */
  kind: string;
  /** How it begins, up to and with a `-` or `_`. */
  prefix: string;
  /** How many characters follow at least. */
  least: number;
  /** Whether `-` and `_` are among those: they are in base64url. */
  joined?: boolean;
  /** Whether it has to begin a word: needed where words end like the prefix, as in `task-`. */
  word?: boolean;
  /** Whether it holds capitals, small letters and digits: names such as `sk-circle-fade-dot-container` do not. */
  mixed?: boolean;
}

const joined = true;
const word = true;

/** Formats whose prefix ends with or holds `-` or `_`. Of two that begin alike, the longer stands first. */
export const tokenFormats: readonly TokenFormat[] = [
  { kind: "anthropic_key", prefix: "sk-ant-", least: 20, joined },
  { kind: "openai_key", prefix: "sk-proj-", least: 20, joined },
  { kind: "openai_key", prefix: "sk-svcacct-", least: 20, joined },
  { kind: "openai_key", prefix: "sk-admin-", least: 20, joined },
  { kind: "openrouter_key", prefix: "sk-or-v1-", least: 32 },
  { kind: "langfuse_key", prefix: "sk-lf-", least: 32, joined, word },
  // OpenAI's older keys, and those of the many who took its form: DeepSeek, Moonshot, LiteLLM …
  { kind: "openai_key", prefix: "sk-", least: 20, word },
  { kind: "openai_key", prefix: "sk-", least: 20, joined, word, mixed: true },
  { kind: "groq_key", prefix: "gsk_", least: 40 },
  { kind: "xai_key", prefix: "xai-", least: 40 },
  { kind: "perplexity_key", prefix: "pplx-", least: 40 },
  { kind: "nvidia_key", prefix: "nvapi-", least: 40, joined },
  { kind: "fireworks_key", prefix: "fw_", least: 20, word },
  { kind: "tavily_key", prefix: "tvly-", least: 20, joined, word },
  { kind: "langsmith_key", prefix: "lsv2_pt_", least: 32, joined },
  { kind: "langsmith_key", prefix: "lsv2_sk_", least: 32, joined },
  { kind: "huggingface_token", prefix: "hf_", least: 30 },
  { kind: "huggingface_token", prefix: "api_org_", least: 30 },
  { kind: "replicate_token", prefix: "r8_", least: 30 },
  { kind: "pinecone_key", prefix: "pcsk_", least: 40, joined },
  { kind: "github_token", prefix: "ghp_", least: 36 },
  { kind: "github_token", prefix: "gho_", least: 36 },
  { kind: "github_token", prefix: "ghu_", least: 36 },
  { kind: "github_token", prefix: "ghs_", least: 36 },
  { kind: "github_token", prefix: "ghr_", least: 36 },
  { kind: "github_token", prefix: "github_pat_", least: 60, joined },
  { kind: "gitlab_token", prefix: "glpat-", least: 20, joined },
  { kind: "gitlab_token", prefix: "gldt-", least: 20, joined, word },
  { kind: "gitlab_token", prefix: "glptt-", least: 40 },
  { kind: "gitlab_token", prefix: "glrt-", least: 20, joined, word },
  { kind: "gitlab_token", prefix: "glcbt-", least: 20, joined, word },
  { kind: "slack_token", prefix: "xoxb-", least: 20, joined },
  { kind: "slack_token", prefix: "xoxp-", least: 20, joined },
  { kind: "slack_token", prefix: "xoxa-", least: 20, joined },
  { kind: "slack_token", prefix: "xoxr-", least: 20, joined },
  { kind: "slack_token", prefix: "xoxs-", least: 20, joined },
  { kind: "slack_token", prefix: "xoxe-", least: 20, joined },
  { kind: "slack_token", prefix: "xapp-", least: 20, joined },
  { kind: "stripe_key", prefix: "sk_live_", least: 16 },
  { kind: "stripe_key", prefix: "sk_test_", least: 16 },
  { kind: "stripe_key", prefix: "rk_live_", least: 16 },
  { kind: "stripe_key", prefix: "rk_test_", least: 16 },
  { kind: "stripe_key", prefix: "whsec_", least: 24 },
  { kind: "npm_token", prefix: "npm_", least: 36 },
  { kind: "pypi_token", prefix: "pypi-", least: 50, joined },
  { kind: "rubygems_token", prefix: "rubygems_", least: 40 },
  { kind: "docker_token", prefix: "dckr_pat_", least: 20, joined },
  { kind: "digitalocean_token", prefix: "dop_v1_", least: 40 },
  { kind: "digitalocean_token", prefix: "doo_v1_", least: 40 },
  { kind: "digitalocean_token", prefix: "dor_v1_", least: 40 },
  { kind: "shopify_token", prefix: "shpat_", least: 32 },
  { kind: "shopify_token", prefix: "shpca_", least: 32 },
  { kind: "shopify_token", prefix: "shppa_", least: 32 },
  { kind: "shopify_token", prefix: "shpss_", least: 32 },
  { kind: "square_token", prefix: "sq0atp-", least: 20, joined },
  { kind: "square_token", prefix: "sq0csp-", least: 20, joined },
  { kind: "notion_token", prefix: "ntn_", least: 40 },
  { kind: "linear_key", prefix: "lin_api_", least: 32 },
  { kind: "postman_key", prefix: "PMAK-", least: 50, joined },
  { kind: "supabase_key", prefix: "sb_secret_", least: 20, joined },
  { kind: "grafana_token", prefix: "glsa_", least: 32, joined },
  { kind: "grafana_token", prefix: "glc_", least: 40 },
  { kind: "sentry_token", prefix: "sntrys_", least: 40, joined },
  { kind: "sentry_token", prefix: "sntryu_", least: 40 },
  { kind: "brevo_key", prefix: "xkeysib-", least: 60, joined },
  { kind: "planetscale_token", prefix: "pscale_tkn_", least: 30, joined },
  { kind: "planetscale_token", prefix: "pscale_pw_", least: 30, joined },
  { kind: "google_secret", prefix: "GOCSPX-", least: 20, joined },
  { kind: "private_key", prefix: "AGE-SECRET-KEY-1", least: 50 },
];
