/** The entry of a task's environment that makes it a service: what CGI (RFC 3875 §4.1.4) tells its programs. */
export const SERVICE_ENTRY = 'GATEWAY_INTERFACE=CGI/1.1'
