namespace ProSaas.Api.WhatsApp;

/// <summary>The WhatsApp service cannot be asked, or cannot do what it is asked for.</summary>
internal sealed class WhatsAppServiceException(string message, Exception? inner = null) : Exception(message, inner);
