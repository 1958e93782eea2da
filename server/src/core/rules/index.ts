import type { Rule } from '../rule.ts';
import { ambiguousCacheId } from './ambiguousCacheId.ts';
import { cacheMountOwner } from './cacheMountOwner.ts';
import { chownInRun } from './chownInRun.ts';
import { cleanupInLaterLayer } from './cleanupInLaterLayer.ts';
import { contextChurn } from './contextChurn.ts';
import { copyBeforeInstall } from './copyBeforeInstall.ts';
import { copyIgnoredFile } from './copyIgnoredFile.ts';
import { copyWholeStage } from './copyWholeStage.ts';
import { defeatedCacheMount } from './defeatedCacheMount.ts';
import { droppedLink } from './droppedLink.ts';
import { duplicateInstallStage } from './duplicateInstallStage.ts';
import { earlyArg } from './earlyArg.ts';
import { earlyEnv } from './earlyEnv.ts';
import { earlyPlatformArg } from './earlyPlatformArg.ts';
import { frequentBeforeRare } from './frequentBeforeRare.ts';
import { gitignoreSyntax } from './gitignoreSyntax.ts';
import { ignorableContext } from './ignorableContext.ts';
import { ignoredBuildInput } from './ignoredBuildInput.ts';
import { ineffectivePattern } from './ineffectivePattern.ts';
import { installAndBuildInOneRun } from './installAndBuildInOneRun.ts';
import { installWithoutLockfile } from './installWithoutLockfile.ts';
import { invalidPattern } from './invalidPattern.ts';
import { linkCopies } from './linkCopies.ts';
import { lostBuildOutput } from './lostBuildOutput.ts';
import { misplacedDockerignore } from './misplacedDockerignore.ts';
import { missingCacheMount } from './missingCacheMount.ts';
import { missingCopySource } from './missingCopySource.ts';
import { missingDockerignore } from './missingDockerignore.ts';
import { mountedInstallDirectory } from './mountedInstallDirectory.ts';
import { repeatedPattern } from './repeatedPattern.ts';
import { secretInArg } from './secretInArg.ts';
import { secretInLayer } from './secretInLayer.ts';
import { serialStages } from './serialStages.ts';
import { singleStageToolchain } from './singleStageToolchain.ts';
import { sourceDateEpoch } from './sourceDateEpoch.ts';
import { splitAptUpdate } from './splitAptUpdate.ts';
import { staleRun } from './staleRun.ts';
import { uncheckedAdd } from './uncheckedAdd.ts';
import { uncleanedPackageCache } from './uncleanedPackageCache.ts';
import { unlockedCacheMount } from './unlockedCacheMount.ts';
import { unmountedCacheReader } from './unmountedCacheReader.ts';
import { unpinnedImage } from './unpinnedImage.ts';
import { unpinnedPackages } from './unpinnedPackages.ts';
import { unusedStage } from './unusedStage.ts';
import { wrongCacheTarget } from './wrongCacheTarget.ts';

/** Every rule there is: the only list. */
export const rules: readonly Rule[] = [
  ambiguousCacheId,
  cacheMountOwner,
  chownInRun,
  cleanupInLaterLayer,
  contextChurn,
  copyBeforeInstall,
  copyIgnoredFile,
  copyWholeStage,
  defeatedCacheMount,
  droppedLink,
  duplicateInstallStage,
  earlyArg,
  earlyEnv,
  earlyPlatformArg,
  frequentBeforeRare,
  gitignoreSyntax,
  ignorableContext,
  ignoredBuildInput,
  ineffectivePattern,
  installAndBuildInOneRun,
  installWithoutLockfile,
  invalidPattern,
  linkCopies,
  lostBuildOutput,
  misplacedDockerignore,
  missingCacheMount,
  missingCopySource,
  missingDockerignore,
  mountedInstallDirectory,
  repeatedPattern,
  secretInArg,
  secretInLayer,
  serialStages,
  singleStageToolchain,
  sourceDateEpoch,
  splitAptUpdate,
  staleRun,
  uncheckedAdd,
  uncleanedPackageCache,
  unlockedCacheMount,
  unmountedCacheReader,
  unpinnedImage,
  unpinnedPackages,
  unusedStage,
  wrongCacheTarget,
];
