{{/* Of [root, component]: what the pods of all three processes have in common. */}}
{{- define "bulkhead.pod" -}}
{{- $root := index . 0 -}}
automountServiceAccountToken: false
enableServiceLinks: false # a service named redis would set REDIS_PORT
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
volumes:
  - { name: tmp, emptyDir: { sizeLimit: 64Mi } }
{{- with $root.Values.podSpec }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Of [root, component]: pods of a kind on different nodes and zones, as far as there are some. */}}
{{- define "bulkhead.spread" -}}
topologySpreadConstraints:
{{- $root := index . }}
{{- range tuple "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- include "bulkhead.selector" $root | nindent 8 }}
{{- end }}
{{- end }}

{{/* Of root: what the containers of all three processes have in common. */}}
{{- define "bulkhead.container" -}}
image: {{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
volumeMounts:
  - { name: tmp, mountPath: /tmp }
env:
  {{- include "bulkhead.environment" . | trim | nindent 2 }}
{{- end }}

{{/* Of root: every variable, secret ones by reference. */}}
{{- define "bulkhead.environment" -}}
{{- $own := dict "APP_ENV" "production" "HOST" "0.0.0.0" "PORT" "3001" "METRICS_PORT" "9464" -}}
{{- if .Values.ingress.enabled }}{{ $_ := set $own "APP_URL" (printf "https://%s" .Values.ingress.host) }}{{ end -}}
{{- range $name, $value := merge (deepCopy .Values.settings) $own }}
- { name: {{ $name }}, value: {{ quote $value }} }
{{- end }}
- name: PYTHON_CPU_COUNT # or it takes the node's cores for its own
  valueFrom: { resourceFieldRef: { resource: requests.cpu } }
{{- if .Values.postgres.enabled }}
- name: DATABASE_URL
  valueFrom: { secretKeyRef: { name: {{ include "bulkhead.postgres" . }}-app, key: uri } }
{{- if and .Values.postgres.readFromStandbys (gt (int .Values.postgres.instances) 1) }}
- name: DB_PASSWORD # for the next one alone, as DATABASE_URL comes before it
  valueFrom: { secretKeyRef: { name: {{ include "bulkhead.postgres" . }}-app, key: password } }
- { name: DATABASE_READ_URL, value: "postgresql://bulkhead:$(DB_PASSWORD)@{{ include "bulkhead.postgres" . }}-ro:5432/bulkhead" }
{{- end }}
{{- end }}
{{- range tuple "JWT_SECRET" "REDIS_URL" "DATABASE_URL" }}
{{- if not (and $.Values.postgres.enabled (eq . "DATABASE_URL")) }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.Values.existingSecret }}, key: {{ . }} } }
{{- end }}
{{- end }}
{{- range splitList " " (include "bulkhead.optionalSecrets" $) }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.Values.existingSecret }}, key: {{ . }}, optional: true } }
{{- end }}
{{- end }}

{{- define "bulkhead.optionalSecrets" -}}
{{- if not .Values.postgres.enabled }}DATABASE_READ_URL PGBOUNCER_URL {{ end -}}
METRICS_TOKEN SMTP_URL RESEND_API_KEY SENDGRID_API_KEY BREVO_API_KEY
{{- " " -}}
TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
{{- end }}
