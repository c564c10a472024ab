{{/* The name of all there is of this release, or what it begins with. */}}
{{- define "bulkhead.name" -}}
{{- (contains "bulkhead" .Release.Name | ternary .Release.Name (printf "%s-bulkhead" .Release.Name)) | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Of [root, component]: what selects its pods. */}}
{{- define "bulkhead.selector" -}}
{{ include "bulkhead.instance" (index . 0) }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "bulkhead.instance" -}}
app.kubernetes.io/name: bulkhead
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Of [root, component]: the metadata of an object that has the component's name. */}}
{{- define "bulkhead.metadata" -}}
name: {{ include "bulkhead.name" (index . 0) }}-{{ index . 1 }}
labels:
  {{- include "bulkhead.labels" . | nindent 2 }}
{{- end }}

{{/* Of [root, component]. */}}
{{- define "bulkhead.labels" -}}
{{ include "bulkhead.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version }}
{{- end }}

{{- define "bulkhead.postgres" -}}
{{ include "bulkhead.name" . }}-postgres
{{- end }}
