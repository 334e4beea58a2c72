namespace ProSaas.Api.Speech;

/// <summary>The provider has not what was asked for.</summary>
/// <param name="member">The member of the request at fault.</param>
/// <param name="problem">What is wrong, for the client.</param>
/// <param name="wanted">What was asked for.</param>
internal sealed class UnknownVoiceException(string member, string problem, string wanted) : Exception($"{member} '{wanted}' is not there.")
{
    public string Member => member;

    public string Problem => problem;
}
