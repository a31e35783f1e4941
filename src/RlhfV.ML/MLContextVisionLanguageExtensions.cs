using RlhfV.ML;

namespace Microsoft.ML;

/// <summary>Adds the vision-language catalog to <see cref="MLContext"/>.</summary>
public static class MLContextVisionLanguageExtensions
{
    extension(MLContext mlContext)
    {
        /// <summary>Loads, aligns, evaluates and asks vision-language models.</summary>
        public VisionLanguageCatalog VisionLanguage => new(mlContext);
    }
}
