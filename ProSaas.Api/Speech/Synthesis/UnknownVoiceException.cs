namespace ProSaas.Api.Speech.Synthesis;

/// <summary>The provider does not have what was asked for.</summary>
/// <param name="member">The member of the request at fault.</param>
/// <param name="problem">What is wrong, for the client.</param>
internal sealed class UnknownVoiceException(string member, string problem) : Exception(problem)
{
    public string Member => member;
}
